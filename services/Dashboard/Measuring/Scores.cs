namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>One district beside the others.</summary>
/// <param name="Population">Usual residents as reported; null when nobody reported them.</param>
/// <param name="InTime">Referrals answered in time, of those due or answered.</param>
public sealed record DistrictScore(
    string Code, double? Population, int Contracts, int Institutions, int Teams, int CompleteTeams, int Beds, int InTime, int Due, int Overdue)
{
    public double? SigningRate => Population > 0 ? 100.0 * Contracts / Population : null;

    public double? Answered => Due > 0 ? 100.0 * InTime / Due : null;
}

/// <summary>What became of the referrals sent in a period: those that reached a step, and those that left on the way.</summary>
public sealed record ReferralSteps(
    int Sent, int Answered, int Scheduled, int Arrived, int Outcome, int Closed, int Waiting, int Declined, int Cancelled, int NoShow);

/// <summary>A referral on its way, up to a hospital or back down; never whose.</summary>
public sealed record MovingReferral(
    bool Up, string Number, string Priority, string Status, Guid Institution, Guid Hospital, DateTimeOffset MovedAt, DateTimeOffset? DueAt, bool Waits);

/// <summary>What the commission should look at.</summary>
public sealed record Attention(
    IReadOnlyList<(Guid Hospital, int Count, DateTimeOffset Oldest)> Overdue, int BedsClosing, DateOnly? NextClosing,
    IReadOnlyList<(Guid Hospital, string Service, DateOnly Date, double Published, double Required)> Quotas,
    IReadOnlyList<(string District, int Count)> Incomplete);

/// <summary>The present names of institutions and hospitals.</summary>
public sealed record Names(IReadOnlyDictionary<Guid, Text> Of, int Institutions, int Hospitals);

/// <summary>How far the copies of the facts have come.</summary>
/// <param name="Newest">Business time of the newest facts.</param>
/// <param name="Behind">Messages received and not yet counted.</param>
public sealed record Freshness(DateTimeOffset? Newest, long Behind, bool AnyContract);

/// <summary>The questions of the city overview that are no key figure.</summary>
public static class Scores
{
    public static async Task<IReadOnlyList<DistrictScore>> Districts(Source source, Question question, CancellationToken ct)
    {
        var rows = await source.Read("""
            select 'contracts' what, district_code, count(*)::float8 a, 0::float8 b, 0::float8 c from {v}.known_contract
            where {force} and @day <= ends_on and {in} group by 2
            union all select 'institutions', district_code, count(*), 0, 0 from {institutions} i where status <> 'Closed' group by 2
            union all select 'teams', district_code, count(*), count(*) filter (where complete), 0 from {teams} t where status = 'Active' group by 2
            union all select 'beds', district_code, count(*), 0, 0 from {v}.known_bed
            where opened_at < @at and (closed_on is null or closed_on > @day) group by 2
            union all select 'referrals', district_code, count(*) filter (where responded_at <= response_due_at and responded_at < @at),
                count(*) filter (where responded_at < @at or response_due_at < @at), 0
            from {v}.known_referral where submitted_at >= @from and submitted_at < @at group by 2
            union all select 'overdue', district_code, count(*), 0, 0 from {v}.known_referral where {waiting} and response_due_at < @at group by 2
            union all (select distinct on (district_code) 'people', district_code, value, 0, 0 from {v}.known_figure
                where figure = 'usualResidents' and district_code is not null and ends_on <= @day
                order by district_code, ends_on desc, published_on desc)
            """, question, r => (What: r.GetString(0), Code: r.GetString(1), A: r.GetDouble(2), B: r.GetDouble(3)), ct);
        return [.. rows.GroupBy(r => r.Code).Select(district =>
        {
            (double A, double B)? Of(string what) => district.Where(r => r.What == what).Select(r => ((double, double)?)(r.A, r.B)).FirstOrDefault();
            int Count(string what) => (int)(Of(what)?.A ?? 0);
            return new DistrictScore(district.Key, Of("people")?.A, Count("contracts"), Count("institutions"), Count("teams"),
                (int)(Of("teams")?.B ?? 0), Count("beds"), Count("referrals"), (int)(Of("referrals")?.B ?? 0), Count("overdue"));
        })];
    }

    public static async Task<ReferralSteps> Referrals(Source source, Question question, CancellationToken ct) => (await source.Read("""
        select count(*), count(responded_at), count(scheduled_at), count(arrived_at), count(outcome_at), count(closed_at),
               count(*) filter (where {waiting}), count(declined_at), count(cancelled_at), count(no_show_at)
        from {v}.known_referral where submitted_at >= @from and submitted_at < @at and {in}
        """, question, r =>
        {
            int N(int i) => (int)r.GetInt64(i);
            return new ReferralSteps(N(0), N(1), N(2), N(3), N(4), N(5), N(6), N(7), N(8), N(9));
        }, ct))[0];

    /// <summary>Overdue ones first, the longest overdue on top; then the newest movements.</summary>
    public static async Task<IReadOnlyList<MovingReferral>> Moving(Source source, Question question, CancellationToken ct) => await source.Read("""
        (select true, number, priority, status, institution_id, hospital_id, coalesce(moved_at, submitted_at), response_due_at, true
         from {v}.known_referral where {waiting} and response_due_at < @at order by response_due_at limit 4)
        union all
        (select * from (
          (select true up, number, priority, status, institution_id, hospital_id, moved_at, response_due_at, ({waiting}) waits
           from {v}.known_referral where moved_at < @at and not ({waiting} and response_due_at < @at) order by moved_at desc limit 8)
          union all
          (select false, number, '', status, institution_id, hospital_id, moved_at, contact_due_at, contacted_at is null and status <> 'Closed'
           from {v}.known_down_referral where moved_at < @at order by moved_at desc limit 12)) newest
         order by moved_at desc limit 8)
        """, question, r => new MovingReferral(r.GetBoolean(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetGuid(4), r.GetGuid(5),
            r.GetFieldValue<DateTimeOffset>(6), r.IsDBNull(7) ? null : r.GetFieldValue<DateTimeOffset>(7), !r.IsDBNull(8) && r.GetBoolean(8)), ct);

    public static async Task<Attention> Needs(Source source, Question question, CancellationToken ct)
    {
        var overdue = await source.Read("""
            select hospital_id, count(*), min(response_due_at) from {v}.known_referral where {waiting} and response_due_at < @at and {in}
            group by 1 order by 2 desc
            """, question, r => (r.GetGuid(0), (int)r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2)), ct);
        var beds = (await source.Read("""
            select count(*), min(close_by) from {v}.known_bed where status = 'ClosingDue' and closed_on is null and {in}
            """, question, r => ((int)r.GetInt64(0), r.IsDBNull(1) ? (DateOnly?)null : r.GetFieldValue<DateOnly>(1)), ct))[0];
        var quotas = await source.Read("""
            select hospital_id, service, date, coalesce(published_percent, 0), coalesce(required_percent, 0) from {v}.known_quota
            where shortfall_at < @at and date >= @day order by date
            """, question, r => (r.GetGuid(0), r.GetString(1), r.GetFieldValue<DateOnly>(2), r.GetDouble(3), r.GetDouble(4)), ct);
        var incomplete = await source.Read("""
            select district_code, count(*) from {teams} t where status = 'Active' and not complete group by 1 order by 2 desc
            """, question, r => (r.GetString(0), (int)r.GetInt64(1)), ct);
        return new(overdue, beds.Item1, beds.Item2, quotas, incomplete);
    }

    public static async Task<Names> Names(Source source, Question question, CancellationToken ct)
    {
        var rows = await source.Read("""
            select institution_id, name, name_en, false from {institutions} i where status <> 'Closed'
            union all select * from (select distinct on (hospital_id) hospital_id, name, name_en, true from {v}.hospital_step
            where at < @at order by hospital_id, version desc) h
            """, question, r => (Id: r.GetGuid(0), Name: new Text(r.GetString(2), r.GetString(1)), Hospital: r.GetBoolean(3)), ct);
        return new(rows.DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => r.Name), rows.Count(r => !r.Hospital), rows.Count(r => r.Hospital));
    }
}
