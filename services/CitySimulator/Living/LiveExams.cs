using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>How an examination goes.</summary>
public enum ExamCourse { Usual, Rejected, Cancelled, NoShow }

/// <summary>Whether the safety gate lets an examination through.</summary>
public enum SafetyGate { Safe, Unsafe }

/// <summary>Examinations on large devices, from the request to the report that was read; some are not safe, some critical.</summary>
public sealed class LiveExams
{
    private readonly Plan plan;
    private readonly double requestedYearly;
    private readonly string[] modalities;
    private readonly Lots<ExamCourse> courses;
    private readonly Lots<SafetyGate> gate;
    private readonly ExamCourseShares shares;
    private int drawn;

    public LiveExams(Plan plan)
    {
        (this.plan, shares, modalities) = (plan, plan.City.Assumptions.ExamCourseShares.Value, Examining.Modalities(plan, 100));
        (courses, gate) = (new(plan.Choice, "course of exam", shares.Rejected, shares.Cancelled, shares.NoShow), new(plan.Choice, "safety gate", shares.Unsafe));
        requestedYearly = plan.YearlyRate("exams") / Math.Max(0.1, 1 - shares.Unsafe); // the published ones were booked
    }

    /// <summary>The founded examinations that were under way when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() => plan.Examining.Cases.SelectMany(c => Perform(c, ExamCourse.Usual));

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        foreach (var step in OpenBooks(day))
            yield return step;
        var moments = plan.Days.Spread(DailyShare.Of(requestedYearly, number, 0.5), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var exam = plan.Examining.Examine($"{day:yyyy-MM-dd}:{i}", salt, moments[i], modalities[drawn++ % modalities.Length],
                plan.Choice.One(plan.Staffing.Teams, "live examining team", salt)) with
            { Critical = plan.Choice.Fraction("critical", salt) < shares.Critical };
            var modality = exam.Device.What;
            var isUnsafe = gate.Next() is SafetyGate.Unsafe && modality != "endoscopy"; // the gate asks nothing there
            yield return new(exam.RequestedAt, exam.RequestedAt.AddDays(1), $"exam:{exam.Name}", "exams requested", "referrals", "/exams", new
            {
                id = plan.Examining.Id(exam),
                residentId = plan.IdOf(exam.Resident),
                hospitalId = exam.Device.Hospital.Id,
                modality,
                date = exam.Device.Date,
                bodySite = exam.BodySite,
                safety = new { implant = isUnsafe && modality == "MRI", contrastAllergy = isUnsafe && modality != "MRI", egfr = 88, pregnant = false },
                overrideReason = "clinicalChange",
            });
            foreach (var step in isUnsafe ? [] : Perform(exam, courses.Next()))
                yield return step;
        }
    }

    private IEnumerable<Step> OpenBooks(DateOnly day)
    {
        for (var date = plan.Days.Back(day, 1).AddDays(Referring.DaysAhead + 1); date <= day.AddDays(Referring.DaysAhead); date = date.AddDays(1))
        {
            foreach (var device in plan.Examining.Devices.On(date).Where(_ => date > plan.City.Today.AddDays(Referring.DaysAhead)))
            {
                var book = plan.Examining.Book(new(device.Hospital, device.What, device.Date)); // sized for what is usual
                yield return new(plan.Days.At(day, 8 * 60), plan.Days.At(date, 8 * 60), book.Id, "exam books opened", "referrals", "/exam-books",
                    new { book.HospitalId, book.Modality, book.Date, book.FirstSlot, book.SlotMinutes, book.Slots })
                { IsForOthers = true };
            }
        }
    }

    private IEnumerable<Step> Perform(ExamCase c, ExamCourse course)
    {
        var (path, name) = ($"/exams/{plan.Examining.Id(c)}", $"exam:{c.Name}");
        Step At(DateTimeOffset at, string what, string step, object? body = null) => new(at, at.AddDays(3), name, what, "referrals", $"{path}/{step}", body);
        var (confirmed, arrived) = (At(c.ConfirmedAt, "exams confirmed", "confirmation"), At(c.ArrivedAt, "exam arrivals", "arrival"));
        return course switch
        {
            ExamCourse.Cancelled => [confirmed, At(c.ConfirmedAt.AddMinutes(90), "exams cancelled", "cancellation", new { reason = "residentRequest" })],
            ExamCourse.NoShow => [confirmed, At(plan.Days.At(c.Device.Date, 17 * 60), "exams not attended", "no-show")],
            ExamCourse.Rejected => [confirmed, arrived, At(c.ArrivedAt.AddMinutes(10), "exams rejected at the device", "rejection", new { reason = "implantFound" })],
            _ =>
            [
                confirmed, arrived, At(c.PerformedAt, "exams performed", "performance"), At(c.ReportedAt, "exam reports", "report", new { critical = c.Critical }),
                .. Read(c, At),
            ],
        };
    }

    /// <summary>A critical result is taken note of at once, or too late.</summary>
    private IEnumerable<Step> Read(ExamCase c, Func<DateTimeOffset, string, string, object?, Step> at)
    {
        var isLate = c.Critical && plan.Choice.Fraction("read late", c.RequestedAt.UtcTicks) < shares.ReadLate;
        if (c.Critical)
            yield return at(c.ReportedAt.AddMinutes(isLate ? 150 : 30), "critical results taken note of", "critical-acknowledgement", null);
        yield return at(isLate ? c.ReportedAt.AddMinutes(170) : c.AcknowledgedAt, "exam reports acknowledged", "acknowledgement", null);
    }
}
