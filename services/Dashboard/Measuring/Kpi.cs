namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>A text in both languages of the product.</summary>
public sealed record Text(string En, string Zh);

public enum Unit { Count, Percent, Ratio, Days, Minutes }

/// <summary>The definition of a key figure. Its meaning changes only with its version.</summary>
/// <param name="Sql">One row: v value, n numerator, d denominator, more; null when its facts are not published.</param>
/// <param name="Missing">What is missing when there is no value.</param>
public sealed record Kpi(string Code, Text Name, Unit Unit, string? Sql, Text Missing, int DefinitionVersion = 1)
{
    private static readonly Text Nothing = new("nothing to measure in this period", "本期没有可计量的数据");
    private static readonly Text Census = new("usual residents of this area and date", "该地区在该日期的常住人口");

    /// <summary>All key figures of the commission, K1 to K38; those whose facts nobody publishes say so.</summary>
    public static IReadOnlyList<Kpi> All { get; } =
    [
        Percent("K1", "Contract coverage of usual residents", "常住居民签约率", """
            select count(*) filter (where @day <= ends_on)::float8 n, {residents} d,
                   jsonb_build_object('inGrace', count(*) filter (where @day > ends_on)) more
            from {v}.known_contract where {force} and {in}
            """, Census),
        Percent("K2", "Priority-group coverage", "重点人群签约率", $$"""
            select count(*)::float8 n, {{Phrases.Reported("priorityPersons", Scope.City)}} d, null::jsonb more
            from {v}.known_contract where {force} and @day <= ends_on and priority_groups > 0 and {city}
            """, new("the register of priority persons", "重点人群登记数")),
        Percent("K3", "Panel fill", "团队签约饱和度", """
            select (select count(*) from {v}.known_contract where {force} and {in})::float8 n,
                   (select sum(max_panel) from {teams} t where status in ('Active', 'Suspended'))::float8 d, null::jsonb more
            """, new("an active team with a panel", "在用团队的签约上限")),
        Ratio("K4", "Contracts per doctor (full-time equivalent)", "每名全时医生签约数", """
            select (select count(*) from {v}.known_contract where {force} and @day <= ends_on and {in})::float8 n,
                   (select sum(doctor_fte) from {teams} t where status = 'Active')::float8 d, null::jsonb more
            """, new("doctors of active teams", "在用团队的医生")),
        Percent("K5", "Renewal rate", "续约率", """
            select count(*) filter (where renewed)::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_contract where ends_on between @fromday and @day and {in}
              and lower(coalesce(end_reason, '')) not in ('died', 'movedout', 'enteredinerror')
            """),
        Percent("K6", "Effective contract rate", "有效签约率", """
            select count(*) filter (where exists (select from {v}.known_service s where s.resident_id = c.resident_id
                     and s.at < @at and s.at >= @at - interval '12 months'))::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_contract c where {force} and @day <= ends_on and covered_since <= @day - 90 and {in}
            """, new("contracts of ninety days and more", "满90天的在用签约")),
        Percent("K7", "Fulfilment of obligations", "履约率", """
            select count(*) filter (where (select count(*) from {v}.known_service s where s.obligation_id = o.id
                     and (s.at at time zone @zone)::date <= o.due_by) >= o.times)::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_obligation o join (select * from {v}.known_contract where {in}) c on c.id = o.contract_id
            where o.due_by between @fromday and @day and (c.leaves_on is null or c.leaves_on > o.due_by)
            """, new("obligations due in this period", "本期到期的应履约事项")),
        Value("K8", "Care gap: contracts awaiting reassignment", "待重新分配的签约", Unit.Count, """
            select count(*)::float8 v, null::float8 n, null::float8 d, jsonb_build_object('p95Days', round((percentile_cont(0.95)
                   within group (order by extract(epoch from @at - g.at) / 86400))::numeric, 1)) more
            from (select distinct on (contract_id) * from {v}.care_gap_step where at < @at order by contract_id, version desc) g
              join {v}.known_contract c on c.id = g.contract_id and (c.leaves_on is null or c.leaves_on > @day) and (c.expired_at is null or c.expired_at >= @at)
            where g.waits and g.contract_id in (select id from {v}.known_contract where {in})
            """),
        Unpublished("K9", "Out-of-panel rate", "签约外就诊率", Unit.Percent, "visits at other institutions", "在其他机构的就诊"),
        Ratio("K10", "Appointments per 100 contracted", "每百名签约居民预约就诊数", """
            select 100.0 * f / nullif(mean, 0) v, f n, mean d, null::jsonb more from (
              select (select count(*) from {v}.known_appointment where fulfilled_at >= @from and fulfilled_at < @at and {in})::float8 f,
                     (select sum(greatest(0, least({last}, @day) - greatest(starts_on, @fromday) + 1)) / (@day - @fromday + 1)::float8
                      from {v}.known_contract where starts_on <= @day and {in}) mean) k
            """),
        Percent("K11", "No-show rate", "爽约率", """
            select count(no_show_at)::float8 n, count(*)::float8 d, null::jsonb more from {v}.known_appointment
            where coalesce(no_show_at, fulfilled_at) >= @from and coalesce(no_show_at, fulfilled_at) < @at and {in}
            """),
        Unpublished("K12", "Access: third next free appointment", "第三个可预约号等待天数", Unit.Days, "free appointment slots", "可预约号源"),
        Unpublished("K13", "Continuity with the own team", "本团队就诊连续性", Unit.Percent, "visits at other institutions", "在其他机构的就诊"),
        Unpublished("K14", "Orderly referral share", "有序转诊占比", Unit.Percent, "first visits at hospitals (hospital feed)", "医院首诊数据"),
        Percent("K15", "Referrals answered in time", "转诊按时响应率", """
            select count(*) filter (where responded_at <= response_due_at and responded_at < @at)::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_referral where submitted_at >= @from and submitted_at < @at
              and (responded_at < @at or response_due_at < @at) and {in}
            """),
        Value("K16", "Time to be seen (median)", "转诊至就诊时间（中位数）", Unit.Days, """
            select percentile_cont(0.5) within group (order by days) v, null::float8 n, count(*)::float8 d,
                   jsonb_build_object('p90', round(percentile_cont(0.9) within group (order by days)::numeric, 2)) more
            from (select extract(epoch from arrived_at - submitted_at) / 86400 days from {v}.known_referral
                  where arrived_at >= @from and arrived_at < @at and {in}) k
            """),
        Percent("K17", "Slots for family doctors among published slots", "家庭医生号源占比", """
            select sum(family_doctor)::float8 n, sum(family_doctor + urgent + public)::float8 d, jsonb_build_object('medianLeadDays',
                   percentile_cont(0.5) within group (order by date - (published_at at time zone @zone)::date)) more
            from {v}.known_quota where date between @fromday and @day and published_at < @at and {city}
            """),
        Percent("K18", "Use of the family-doctor pool", "家庭医生号源使用率", """
            select (select count(*) from {v}.known_referral where scheduled_at < @at and priority = 'routine'
                      and (slot_start at time zone @zone)::date between @fromday and @day)::float8 n,
                   (select sum(family_doctor) from {v}.known_quota where date between @fromday and @day and published_at < @at and {city})::float8 d,
                   null::jsonb more
            """),
        Value("K19", "Referrals waiting past their due time", "超时未处理转诊", Unit.Count, """
            select count(*)::float8 v, count(*)::float8 n, null::float8 d, jsonb_build_object('p95AgeDays',
                   round((percentile_cont(0.95) within group (order by extract(epoch from @at - submitted_at) / 86400))::numeric, 2)) more
            from {v}.known_referral where {waiting} and response_due_at < @at and {in}
            """),
        Percent("K20", "Loops closed within 30 days of arrival", "到诊后30日内闭环率", """
            select count(*) filter (where closed_loop and closed_at <= arrived_at + interval '30 days')::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_referral where arrived_at >= @from - interval '30 days' and arrived_at < @at - interval '30 days' and {in}
            """),
        Ratio("K21", "Down-referrals per closed up-referral with admission", "下转与上转住院之比", """
            select (select count(*) from {v}.known_down_referral where accepted_at >= @from and accepted_at < @at and {in})::float8 n,
                   (select count(*) from {v}.known_referral where admitted and closed_at >= @from and closed_at < @at and {in})::float8 d, null::jsonb more
            """),
        Percent("K22", "First contact after discharge in time", "出院后按时首次联系率", """
            select count(*) filter (where contacted_at <= contact_due_at)::float8 n, count(*)::float8 d, jsonb_build_object('within7Days',
                   count(*) filter (where contacted_at <= proposed_at + interval '7 days')) more
            from {v}.known_down_referral where accepted_at is not null and contact_due_at >= @from and contact_due_at < @at and {in}
            """),
        Percent("K23", "Referrals returned for information", "转诊退回补充率", """
            select count(*) filter (where returned_at < @at)::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_referral where submitted_at >= @from and submitted_at < @at and {in}
            """, new("referrals sent in this period", "本期提交的转诊")),
        Percent("K24", "Grassroots share of visits", "基层就诊率", """
            select p.value n, coalesce(
                     (select value from {v}.known_figure a where a.figure in ('allVisits', 'outpatientVisits') and a.ends_on = p.ends_on and a.starts_on = p.starts_on and {area} limit 1),
                     p.value + (select value from {v}.known_figure h where h.figure = 'hospitalVisits' and h.ends_on = p.ends_on and h.starts_on = p.starts_on and {area} limit 1)) d,
                   jsonb_build_object('from', p.starts_on, 'to', p.ends_on, 'source', p.source) more
            from {v}.known_figure p where p.figure = 'primaryCareVisits' and p.ends_on <= @day and {area} order by p.ends_on desc limit 1
            """, new("visits reported by hospitals and clinics", "医院和基层机构报告的就诊量")),
        Unpublished("K25", "True first-contact rate", "基层首诊率", Unit.Percent, "illness episodes", "疾病发作过程数据"),
        Value("K26", "Large-equipment exams booked", "大型设备检查预约", Unit.Count, """
            select count(*)::float8 v, count(*)::float8 n, null::float8 d, jsonb_build_object(
                   'medianWaitDays', round((percentile_cont(0.5) within group (order by extract(epoch from slot_start - requested_at) / 86400))::numeric, 2),
                   'reportedWithin48h', count(*) filter (where reported_at <= performed_at + interval '48 hours'), 'performed', count(performed_at)) more
            from {v}.known_exam where booked_at >= @from and booked_at < @at and {in}
            """),
        Value("K27", "Family beds open", "在床家庭病床", Unit.Count, """
            select count(*)::float8 v, count(*)::float8 n, null::float8 d, null::jsonb more
            from {v}.known_bed where opened_at < @at and (closed_on is null or closed_on > @day) and {in}
            """),
        Value("K27-opened", "Family beds opened in the period", "本期新建家庭病床", Unit.Count, """
            select count(*)::float8 v, count(*)::float8 n, null::float8 d, null::jsonb more
            from {v}.known_bed where opened_at >= @from and opened_at < @at and {in}
            """),
        Value("K27-toDate", "Family beds established to date", "累计建立家庭病床", Unit.Count, """
            select count(*)::float8 v, count(*)::float8 n, null::float8 d, null::jsonb more
            from {v}.known_bed where opened_at < @at and {in}
            """),
        Percent("K28", "Family bed occupancy", "家庭病床使用率", """
            select (select sum(greatest(0, least(coalesce(closed_on, @day + 1), @day + 1) - greatest(opened_on, @fromday)))
                    from {v}.known_bed where opened_at < @at and {in})::float8 n,
                   (select sum(approved) from {capacity} c where {inst})::float8 * (@day - @fromday + 1) d, null::jsonb more
            """, new("approved bed capacity", "核定床位数")),
        Value("K29", "Mean family bed episode", "家庭病床平均天数", Unit.Days, """
            select avg(bed_days)::float8 v, sum(bed_days)::float8 n, count(*)::float8 d,
                   jsonb_build_object('median', percentile_cont(0.5) within group (order by bed_days)) more
            from {v}.known_bed where closed_on between @fromday and @day and opened_on is not null and {in}
            """),
        Percent("K30", "First visit on time", "首次上门及时率", """
            select count(*) filter (where visited <= due)::float8 n, count(*)::float8 d, null::jsonb more from (
              select b.opened_at + make_interval(hours => case when b.origin = 'hospitalDischarge' then @firsturgent else @firstother end) due,
                     (select min(completed_at) from {v}.known_visit x where x.bed_id = b.id) visited
              from {v}.known_bed b where opened_at is not null and {in}) k
            where due >= @from and due < @at
            """),
        Percent("K31", "Visits made in their window", "按计划上门率", """
            select count(*) filter (where completed_at between planned_from and planned_to)::float8 n, count(*)::float8 d, null::jsonb more
            from {v}.known_visit where planned_to >= @from and planned_to < @at and cancelled_at is null and {in}
            """),
        Ratio("K32", "Urgent deteriorations per 1,000 family bed days", "每千床日紧急病情恶化数", """
            select (select count(*) from {v}.known_visit where bed_id is not null and urgent_at >= @from and urgent_at < @at and {in})::float8 n,
                   (select sum(greatest(0, least(coalesce(closed_on, @day + 1), @day + 1) - greatest(opened_on, @fromday)))
                    from {v}.known_bed where opened_at < @at and {in})::float8 / 1000 d, null::jsonb more
            """, new("family bed days in this period", "本期家庭病床床日")),
        Percent("K33", "Discharge offers of a family bed accepted", "出院家庭病床邀约接受率", """
            select count(o.accepted_at)::float8 n, count(*)::float8 d, jsonb_build_object('medianDaysToOpen', round((percentile_cont(0.5)
                   within group (order by extract(epoch from b.opened_at - o.offered_at) / 86400))::numeric, 2)) more
            from (select * from {v}.known_offer where offered_at >= @from and offered_at < @at
                    and institution_id in (select institution_id from {v}.institution_step where {inst})) o left join {v}.known_bed b on b.id = o.bed_id
            """),
        Percent("K34", "Teams complete (2+X)", "“2+X”团队完整率", """
            select count(*) filter (where complete)::float8 n, count(*)::float8 d, jsonb_build_object(
                   'nursesPerDoctor', round((sum(nurse_fte) / nullif(sum(doctor_fte), 0))::numeric, 2),
                   'publicHealthPerDoctor', round((sum(public_health_fte) / nullif(sum(doctor_fte), 0))::numeric, 2)) more
            from {teams} t where status = 'Active'
            """, new("an active team", "在用团队")),
        Percent("K35", "Doctors with stars", "星级家庭医生占比", """
            select count(*) filter (where held > 0)::float8 n, count(*)::float8 d, jsonb_build_object(
                   'threeStar', count(*) filter (where held = 3), 'fourStar', count(*) filter (where held = 4), 'fiveStar', count(*) filter (where held = 5),
                   'studios', (select count(*) from {v}.known_studio where opened_at < @at and (closed_at is null or closed_at >= @at) and {inst})) more
            from (select case when stars_until is null or stars_until >= @day then stars else 0 end held from {practitioners} p where kind = 'doctor' and status not in ('Registered', 'Departed')) k
            """, new("doctors", "医生")),
        Ratio("K36", "Institutions per 20,000 residents", "每2万常住人口机构数", """
            select n * @population / nullif(d, 0) v, n, d, null::jsonb more from (
              select (select count(*) from {institutions} i where status <> 'Closed' and {area})::float8 n, {residents} d) k
            """, Census),
        Percent("K37", "Satisfaction", "满意度", """
            select sum(score) / 5.0::float8 n, count(*)::float8 d, jsonb_build_object('responseRate', round(100.0 * count(*) / nullif((select count(*)
                   from {v}.known_appointment where fulfilled_at >= @from and fulfilled_at < @at and {in}), 0), 1)) more
            from {v}.known_survey where at >= @from and at < @at and {in}
            """, new("answers to surveys in this period", "本期满意度调查")),
        Unpublished("K38", "Data health: lag of the views (p99)", "数据健康：视图延迟（p99）", Unit.Minutes, "a record of past lags", "历史延迟记录"),
    ];

    private static Kpi Percent(string code, string en, string zh, string sql, Text? missing = null) =>
        new(code, new(en, zh), Unit.Percent, $"select 100.0 * n / nullif(d, 0) v, n, d, more from ({sql}) share", missing ?? Nothing);

    private static Kpi Ratio(string code, string en, string zh, string sql, Text? missing = null) => new(code, new(en, zh), Unit.Ratio,
        sql.TrimStart().StartsWith("select (", StringComparison.Ordinal) ? $"select n / nullif(d, 0) v, n, d, more from ({sql}) ratio" : sql,
        missing ?? Nothing);

    private static Kpi Value(string code, string en, string zh, Unit unit, string sql) => new(code, new(en, zh), unit, sql, Nothing);

    private static Kpi Unpublished(string code, string en, string zh, Unit unit, string whatEn, string whatZh) =>
        new(code, new(en, zh), unit, null, new(whatEn, whatZh));
}
