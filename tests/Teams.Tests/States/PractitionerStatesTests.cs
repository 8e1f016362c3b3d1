using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Staffing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class PractitionerStatesTests() : StatesTable<Practitioner>("Practitioner", Subject, "2024-03-01 09:00")
{
    private static readonly PractitionerRegistered Entry =
        Doctor with { PractitionerId = Subject, LicenceValidTo = new(2024, 6, 30), LicenceEndsAt = DateTimeOffset.Parse("2024-06-30T16:00:00Z") };
    private static readonly StarAwarded FiveStars = Stars(5, 2023) with { PractitionerId = Subject };
    private static readonly StudioOpened Studio = new(StudioId, Subject, TeamId, Clinic, "330203");
    private static readonly DepartureAnnounced Leaving = new(Subject, new(2024, 5, 31), DateTimeOffset.Parse("2024-05-31T16:00:00Z"), "retired");
    private static readonly DepartureAnnounced LeftYesterday = new(Subject, new(2024, 2, 29), DateTimeOffset.Parse("2024-02-29T16:00:00Z"), "retired");

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Registered"] = [Entry with { StartsAt = DateTimeOffset.Parse("2024-03-31T16:00:00Z") }],
        ["Registered, first day"] = [Entry with { StartsAt = DateTimeOffset.Parse("2024-02-29T16:00:00Z") }],
        ["Active"] = [Entry],
        ["Active, licence over"] = [Entry with { LicenceValidTo = new(2024, 2, 29), LicenceEndsAt = DateTimeOffset.Parse("2024-02-29T16:00:00Z") }],
        ["Suspended"] = [Entry, new PractitionerSuspended(Subject, "inquiry", null, null)],
        ["Suspended, lapsed"] = [Entry with { LicenceValidTo = new(2024, 2, 29) }, new LicenceLapsed(Subject, new(2024, 2, 29))],
        ["Suspended, until yesterday"] = [Entry, new PractitionerSuspended(Subject, "inquiry", new(2024, 2, 29), DateTimeOffset.Parse("2024-02-29T16:00:00Z"))],
        ["Active, leaving"] = [Entry, Leaving],
        ["Active, left yesterday"] = [Entry, LeftYesterday],
        ["Departed"] = [Entry, new PractitionerDeparted(Subject, new(2024, 2, 29), "retired")],
        ["Active, with stars"] = [Entry, FiveStars],
        ["Active, with stars over"] = [Entry, FiveStars with { Period = 2022, EndsAt = DateTimeOffset.Parse("2024-01-30T16:00:00Z") }],
        ["Active, with a studio"] = [Entry, FiveStars with { Period = 2022 }, Studio],
        ["Active, with a studio without stars"] = [Entry, FiveStars with { Period = 2022, EndsAt = DateTimeOffset.Parse("2024-02-29T16:00:00Z") }, Studio],
        ["Active, with a studio and leaving"] = [Entry, FiveStars, Studio, LeftYesterday],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RegisterPractitioner"] = c => Register(c, new(Subject, "doctor", Clinic, ["general practice"], new(2024, 6, 30))),
        ["RegisterPractitioner ahead"] = c => Register(c, new(Subject, "doctor", Clinic, FirstDay: new(2024, 4, 1))),
        ["BeginWork"] = c => c.Fire(),
        ["AddQualification"] = c => Do(c, (p, _) => new AddQualification("geriatrics").Decide(p)),
        ["RenewLicence"] = c => Do(c, new RenewLicence(new(2029, 6, 30)).Decide),
        ["LapseLicence"] = c => c.Fire(),
        ["SuspendPractitioner"] = c => Do(c, new SuspendPractitioner("complaint", new(2024, 4, 30)).Decide),
        ["ResumePractitioner"] = c => Do(c, (p, _) => ResumePractitioner.Decide(p)),
        ["EndSuspension"] = c => c.Fire(),
        ["MovePractitioner"] = c => Move(c, OtherClinic),
        ["RecordDeparture"] = c => Do(c, new RecordDeparture(new(2024, 4, 30), "moved").Decide),
        ["RecordDeparture of yesterday"] = c => Do(c, new RecordDeparture(new(2024, 2, 29), "moved").Decide),
        ["CompleteDeparture"] = c => c.Fire(),
        ["AwardStar"] = c => Award(c, 80),
        ["RevokeStar"] = c => Do(c, new RevokeStar("safety").Decide),
        ["OpenStudio"] = c => Open(c.Given<Team>(TeamId, new TeamMemberJoined(TeamId, Subject, "gp", 0.5m, Today)), StudioId, TeamId),
        ["SetStudioHours"] = c => Do(c, (p, _) => new SetStudioHours([new(Weekday.Friday, new(9, 0), new(12, 0))]).Decide(StudioId, p)),
        ["CloseStudio"] = c => Do(c, (p, _) => new CloseStudio("wish").Decide(StudioId, p)),
        ["EndStudio"] = c => c.Fire(),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RegisterPractitioner LICENCE_INVALID"] = c => Register(c, new(Subject, "doctor", Clinic, [], new(2024, 2, 29))),
        ["RegisterPractitioner NOT_FOUND"] = c => Register(c, new(Subject, "doctor", Unknown)),
        ["RegisterPractitioner VALIDATION_FAILED"] = c => Register(c, new(Subject, "doctor", Clinic, [" "])),
        ["RegisterPractitioner ahead VALIDATION_FAILED"] = c => Register(c, new(Subject, "doctor", Clinic, FirstDay: new(2025, 3, 2))),
        ["RenewLicence LICENCE_INVALID"] = c => Do(c, new RenewLicence(new(2024, 2, 28)).Decide),
        ["SuspendPractitioner VALIDATION_FAILED"] = c => Do(c, new SuspendPractitioner("complaint", new(2024, 2, 29)).Decide),
        ["MovePractitioner INSTITUTION_NOT_ACTIVE"] = c => Move(c, NewClinic),
        ["MovePractitioner NOT_FOUND"] = c => Move(c, Unknown),
        ["RecordDeparture VALIDATION_FAILED"] = c => Do(c, new RecordDeparture(new(2034, 4, 30), "moved").Decide),
        ["AwardStar STAR_PREREQUISITE"] = c => Award(c, 95), // five stars need four in the year before
        ["AwardStar STAR_QUOTA_FULL"] = c => Award(c.Given<Practitioner>(Subject, FiveStars with { Period = 2022, Stars = 4 }), 95, new(99, 2)),
        ["AwardStar VALIDATION_FAILED"] = c => Award(c, 101),
        ["AwardStar INVALID_TRANSITION"] = c => AwardStarEndpoint.Take(new(2023), Subject, null, c.By, c.Runner, default), // nothing was assessed
        ["AwardStar STAR_PERIOD_CLOSED"] = c => Award(c.Given<Practitioner>(Subject, FiveStars with { Period = 2024 }), 80),
        ["OpenStudio TEAM_NOT_ACTIVE"] = c => Open(c.Given<Team>(TeamId, new TeamSuspended(TeamId, "holidays")), StudioId, TeamId),
        ["OpenStudio LEAD_NOT_ELIGIBLE"] = c => Open(c, StudioId, OtherTeam),
        ["OpenStudio NOT_FOUND"] = c => Open(c, StudioId, Unknown),
        ["OpenStudio STUDIO_OPEN"] = c => Open(c, Another, TeamId),
        ["SetStudioHours VALIDATION_FAILED"] = c => Do(c, (p, _) => new SetStudioHours(
            [new(Weekday.Friday, new(9, 0), new(12, 0)), new(Weekday.Friday, new(11, 0), new(13, 0))]).Decide(StudioId, p)),
    };

    internal override string StatusOf(Practitioner state) => state.Status.ToString();

    private static Task Do(MemoryCity city, Func<Practitioner?, Moment, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<Practitioner>(Subject, city.By, decide, default);

    private static Task Register(MemoryCity city, RegisterPractitioner command) =>
        RegisterPractitionerEndpoint.Take(command, Subject, city.By, city.Runner, default);

    private static Task Move(MemoryCity city, Guid institution) =>
        MovePractitionerEndpoint.Take(new(institution), Subject, city.By, city.Runner, default);

    private static Task Award(MemoryCity city, decimal score, StarShare? share = null) => AwardStarEndpoint.Take(
        new(city.State<Practitioner>(Subject)?.Awards.LastOrDefault()?.Period == 2023 ? 2024 : 2023, [new("all", score)]), Subject, share, city.By, city.Runner, default);

    private static Task Open(MemoryCity city, Guid studio, Guid team) =>
        OpenStudioEndpoint.Take(new(studio, Subject, team), studio, city.By, city.Runner, default);
}
