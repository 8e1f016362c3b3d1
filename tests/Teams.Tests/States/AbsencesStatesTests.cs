using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Covering;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class AbsencesStatesTests() : StatesTable<Absences>("Absences", Absences.StreamOf(Pharmacist), "2024-03-01 09:00")
{
    private static readonly CoverNamed Tomorrow = Named(Another, "2024-03-02 00:00", "2024-03-09 00:00");
    private static readonly CoverNamed ThisWeek = Named(Another, "2024-02-26 00:00", "2024-03-09 00:00");
    private static readonly AbsenceStarted Started = new(Another, Pharmacist, SecondPharmacist);
    private static readonly CoverEnded Ended = new(Another, Pharmacist, SecondPharmacist, "over");

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Planned"] = [Tomorrow],
        ["Planned, from this morning"] = [Named(Another, "2024-03-01 08:00", "2024-03-09 00:00")],
        ["Away"] = [ThisWeek, Started],
        ["Away, until this morning"] = [Named(Another, "2024-02-26 00:00", "2024-03-01 08:00"), Started],
        ["Over"] = [ThisWeek, Started, Ended],
        ["Cancelled"] = [Tomorrow, Ended with { Reason = "cancelled" }],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RecordAbsence from tomorrow"] = c => Record(c, Another, "2024-03-02 00:00", "2024-03-09 00:00"),
        ["RecordAbsence from now"] = c => Record(c, Another, "2024-03-01 09:00", "2024-03-09 00:00"),
        ["RecordAbsence of another"] = c => Record(c, Resident, "2024-03-09 00:00", "2024-03-11 00:00"),
        ["ChangeCover"] = c => Change(c, SecondPharmacist, "2024-03-10 00:00"),
        ["StartAbsence"] = c => c.Fire(),
        ["FinishAbsence"] = c => c.Fire(),
        ["EndAbsence"] = c => c.Runner.Execute<Absences>(Absences.StreamOf(Pharmacist), c.By, (a, _) => EndAbsence.Decide(Another, a), default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RecordAbsence from tomorrow VALIDATION_FAILED"] = c => Record(c, Another, "2024-03-02 00:00", "2024-03-02 00:00"),
        ["RecordAbsence from tomorrow COVER_NOT_ELIGIBLE"] = c => Record(c, Another, "2024-03-02 00:00", "2024-03-09 00:00", Volunteer),
        ["RecordAbsence from tomorrow COVER_ABSENT"] = c => Record(CoverAway(c), Another, "2024-03-02 00:00", "2024-03-09 00:00"),
        ["RecordAbsence from tomorrow NOT_FOUND"] = c => Record(c, Another, "2024-03-02 00:00", "2024-03-09 00:00", Unknown),
        ["RecordAbsence from tomorrow INVALID_TRANSITION"] =
            c => Record(c.Given<Practitioner>(Pharmacist, new PractitionerDeparted(Pharmacist, Today, "retired")), Another, "2024-03-02 00:00", "2024-03-09 00:00"),
        ["RecordAbsence of another ABSENCE_OVERLAPS"] = c => Record(c, Resident, "2024-03-08 23:59", "2024-03-11 00:00"),
        ["ChangeCover VALIDATION_FAILED"] = c => Change(c, SecondPharmacist, "2024-03-01 09:00"),
        ["ChangeCover COVER_NOT_ELIGIBLE"] = c => Change(c, Volunteer, "2024-03-09 00:00"),
        ["ChangeCover COVER_ABSENT"] = c => Change(CoverAway(c), SecondPharmacist, "2024-03-10 00:00"),
        ["ChangeCover ABSENCE_OVERLAPS"] = c => Change(
            c.Given<Absences>(Absences.StreamOf(Pharmacist), Named(Resident, "2024-03-09 00:00", "2024-03-11 00:00")), SecondPharmacist, "2024-03-10 00:00"),
        ["ChangeCover NOT_FOUND"] = c => Change(c, Unknown, "2024-03-10 00:00"),
    };

    internal override string StatusOf(Absences state) => (state.Find(Another) ?? state.All[0]).Status.ToString();

    private static CoverNamed Named(Guid id, string from, string to) => new(id, Pharmacist, SecondPharmacist, Testing.Spec.At(from).Now, Testing.Spec.At(to).Now, "leave");

    private static MemoryCity CoverAway(MemoryCity city) => city.Given<Absences>(Absences.StreamOf(SecondPharmacist),
        Named(Subject, "2024-03-08 00:00", "2024-03-12 00:00") with { PractitionerId = SecondPharmacist, CoveredBy = Pharmacist });

    private static Task Record(MemoryCity city, Guid id, string from, string to, Guid? cover = null) => RecordAbsenceEndpoint.Take(
        new(id, Testing.Spec.At(from).Now, Testing.Spec.At(to).Now, cover ?? SecondPharmacist, "leave"), id, Pharmacist, city.By, city.Runner, city.Store, default);

    private static Task Change(MemoryCity city, Guid cover, string to) => ChangeCoverEndpoint.Take(
        new(cover, Testing.Spec.At(to).Now), Another, Pharmacist, city.By, city.Runner, city.Store, default);
}
