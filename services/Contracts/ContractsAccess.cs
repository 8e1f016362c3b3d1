using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>Who reaches which row of this service: the clinic that has the contract, the resident himself, and who acts for him.</summary>
public static class ContractsAccess
{
    public static Access Table { get; } = new Access()
        .Resident<Enrolment>(OfResident, HospitalsOf, "otherId", "representativeId")
        .Row<Enrolment>("contractId", e => OfResident(e) with { IsFree = false }, (services, id, ct) => services.GetRequiredService<Seats>().FindResident(id, ct))
        .Row<Appointment>("appointmentId", a => new(a.Booking.ResidentId, [a.Booking.InstitutionId], OrWho: true))
        .Row("householdId", OfHousehold)
        .Place("sessionId", Role.Clinic, async (services, id, ct) => (await services.GetRequiredService<IEventStore>().Load<ClinicSession>(id, ct)).State?.InstitutionId)
        .Place("teamId", Role.Clinic, InstitutionOf)
        .HistoryOf<ClinicSession>(s => new(null, [s.InstitutionId]))
        .Histories()
        .Names("newId", "memberId", "corrects", "toTeamId", "after", "guardianId", "residentIds"); // only members of a household are applied for

    private static Whose OfResident(Enrolment e) =>
        new(e.ResidentId, e.Contract is { } contract ? [contract.InstitutionId] : [], e.GuardianRef, IsFree: e.Contract is not { HoldsSeat: true });

    /// <summary>Hospitals that he was sent to, as far as his insurer was asked.</summary>
    private static async Task<IReadOnlyCollection<Guid>> HospitalsOf(IServiceProvider services, Guid residentId, CancellationToken ct)
    {
        var (enrolment, _) = await services.GetRequiredService<IEventStore>().Load<Enrolment>(residentId, ct);
        return enrolment is null ? [] : [.. (await services.GetRequiredService<Rows<LinkedCasesOfCity>>()
            .Where("contract_id = any($1) and kind = 'Referral'", ct, enrolment.ContractIds.ToArray())).Select(c => c.OrganizationId).OfType<Guid>()];
    }

    /// <summary>A household is within reach of whoever has one of its members, and of who represents it; of none yet, of all.</summary>
    private static async Task<Whose?> OfHousehold(IServiceProvider services, Guid householdId, CancellationToken ct)
    {
        var members = await services.GetRequiredService<Rows<HouseholdMembers>>().Where("household_id = $1 order by resident_id limit 200", ct, householdId);
        var (runner, institutions) = (services.GetRequiredService<Runner>(), new HashSet<Guid>());
        foreach (var member in members)
        {
            if ((await runner.Look<Enrolment>(member.ResidentId, ct))?.Contract is { } contract)
                institutions.Add(contract.InstitutionId);
        }
        return new(members.Find(m => m.IsRepresentative)?.ResidentId, institutions, IsFree: institutions.Count == 0);
    }

    private static async Task<Guid?> InstitutionOf(IServiceProvider services, Guid teamId, CancellationToken ct)
    {
        var today = services.GetRequiredService<PolicyBook>().At(services.GetRequiredService<TimeProvider>().GetUtcNow()).Today;
        return (await services.GetRequiredService<Runner>().Look<TeamPanel>(TeamPanel.StreamOf(teamId, today.Year), ct))?.InstitutionId
            ?? (await services.GetRequiredService<Rows<PanelOfTeam>>().Find(teamId, ct))?.InstitutionId;
    }
}
