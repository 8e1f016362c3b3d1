using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Examinations on large devices, from the request to the report that was read.</summary>
public sealed class LiveExams(Plan plan)
{
    private readonly double yearly = plan.YearlyRate("exams");
    private readonly string[] modalities = Examining.Modalities(plan, 100);
    private int drawn;

    /// <summary>The founded examinations that were under way when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() => plan.Examining.Cases.SelectMany(Perform);

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        foreach (var step in OpenBooks(day))
            yield return step;
        var moments = plan.Days.Spread(DailyShare.Of(yearly, number, 0.5), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var exam = plan.Examining.Examine($"{day:yyyy-MM-dd}:{i}", salt, moments[i], modalities[drawn++ % modalities.Length],
                plan.Choice.One(plan.Staffing.Teams, "live examining team", salt));
            yield return new(exam.RequestedAt, exam.RequestedAt.AddDays(1), $"exam:{exam.Name}", "exams requested", "referrals", "/exams", new
            {
                id = plan.Examining.Id(exam),
                residentId = plan.IdOf(exam.Resident),
                hospitalId = exam.Device.Hospital.Id,
                modality = exam.Device.What,
                date = exam.Device.Date,
                bodySite = exam.BodySite,
                overrideReason = "clinicalChange",
            });
            foreach (var step in Perform(exam))
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

    private IEnumerable<Step> Perform(ExamCase c)
    {
        var (path, name) = ($"/exams/{plan.Examining.Id(c)}", $"exam:{c.Name}");
        Step At(DateTimeOffset at, string what, string step, object? body = null) => new(at, at.AddDays(3), name, what, "referrals", $"{path}/{step}", body);
        return
        [
            At(c.ConfirmedAt, "exams confirmed", "confirmation"), At(c.ArrivedAt, "exam arrivals", "arrival"),
            At(c.PerformedAt, "exams performed", "performance"), At(c.ReportedAt, "exam reports", "report", new { critical = c.Critical }),
            At(c.AcknowledgedAt, "exam reports acknowledged", "acknowledgement"),
        ];
    }
}
