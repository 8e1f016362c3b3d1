using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="Kind">safety, service, access, attitude, fee or other; what was said stays with the office that looks into it.</param>
public sealed record ComplaintRaised(
    Guid ComplaintId, Guid PractitionerId, Guid? TeamId, Guid InstitutionId, string DistrictCode, string Kind, DateOnly On) : DomainEvent;
public sealed record ComplaintUpheld(Guid ComplaintId, Guid PractitionerId, string Finding) : DomainEvent;
public sealed record ComplaintDismissed(Guid ComplaintId, Guid PractitionerId, string Finding) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ComplaintStatus>))]
public enum ComplaintStatus { Raised, Upheld, Dismissed }

/// <summary>A complaint about a practitioner, from being raised to what was found. See Complaint.states.md.</summary>
public sealed record Complaint(ComplaintRaised Entry, ComplaintStatus Status) : IState<Complaint>
{
    public static readonly string[] Kinds = [StarAssessment.Safety, "service", "access", "attitude", "fee", "other"];

    public static Complaint Evolve(Complaint? complaint, DomainEvent @event) => (complaint, @event) switch
    {
        (null, ComplaintRaised e) => new(e, ComplaintStatus.Raised),
        ({ Status: ComplaintStatus.Raised } c, ComplaintUpheld) => c with { Status = ComplaintStatus.Upheld },
        ({ Status: ComplaintStatus.Raised } c, ComplaintDismissed) => c with { Status = ComplaintStatus.Dismissed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {complaint?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>True when it may be decided, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Complaint? complaint, ComplaintStatus to) => complaint switch
    {
        null => throw new UnknownId(),
        { Status: ComplaintStatus.Raised } => true,
        _ when complaint.Status == to => false,
        _ => throw Refusing.Transition("a complaint", complaint.Status, ComplaintStatus.Raised),
    };
}
