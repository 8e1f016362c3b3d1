using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>A hospital was registered, or offers other services or devices: what may be asked of it follows.</summary>
public sealed class WhenHospitalChangedThenServices(Copies<HospitalFacts> hospitals) : IReaction<HospitalRegistered>, IReaction<HospitalServicePublished>
{
    public Task React(HospitalRegistered message, Envelope cause, CancellationToken ct) => Know(message.Hospital, message.StreamVersion, ct);
    public Task React(HospitalServicePublished message, Envelope cause, CancellationToken ct) => Know(message.Hospital, message.StreamVersion, ct);

    private Task Know(HospitalFacts hospital, long version, CancellationToken ct) => hospitals.Apply(hospital.HospitalId, version, hospital, ct);
}
