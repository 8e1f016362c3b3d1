using FamilyDoctor.Policies;

namespace FamilyDoctor.CitySimulator;

/// <summary>What cannot be in a city file, in words: "figures[3].at: ...".</summary>
internal static class CityFaults
{
    public static IReadOnlyList<string> Of(CityFile city)
    {
        List<string> faults = [.. Frame(city)];
        if (faults.Count == 0) // the rest is counted in the city's days
            faults.AddRange([.. Figures(city), .. Assumptions(city.Assumptions), .. Together(city)]);
        return faults;
    }

    private static IEnumerable<string> Frame(CityFile city)
    {
        if (city.Id.Length is 0 or > 20)
            yield return "id: 1 to 20 characters";
        if (city.Key.Length == 0 || !city.Key.All(char.IsAsciiLetterOrDigit))
            yield return "key: letters and digits";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(city.TimeZone, out _))
            yield return $"timeZone: '{city.TimeZone}' is not known here";
        if (city.Speed <= 0)
            yield return "speed: above 0";
        if (city.DefaultScale < 1)
            yield return "defaultScale: 1 or more";
        if (city.Districts.Count == 0)
            yield return "districts: at least one";
        foreach (var (district, i) in city.Districts.Select((d, i) => (d, i)))
        {
            if (district.Code.Length is 0 or > 20)
                yield return $"districts[{i}].code: 1 to 20 characters";
            if (district.Population <= 0)
                yield return $"districts[{i}].population: above 0";
            if (city.Districts.Take(i).Any(d => d.Code == district.Code))
                yield return $"districts[{i}].code: '{district.Code}' is there twice";
        }
    }

    private static IEnumerable<string> Figures(CityFile city)
    {
        foreach (var (figure, i) in city.Figures.Select((f, i) => (f, i)))
        {
            var place = $"figures[{i}] ({figure.Key})";
            if (figure.Key.Length == 0)
                yield return $"{place}.key: missing";
            if (!double.IsFinite(figure.Value) || figure.Value < 0)
                yield return $"{place}.value: 0 or more";
            if (city.Figures.Take(i).Any(f => f.Key == figure.Key))
                yield return $"{place}.key: it is there twice";
            var isPeriod = figure is { From: not null, To: not null, At: null };
            if (!isPeriod && figure is not { At: not null, From: null, To: null })
                yield return $"{place}: either at, or from and to";
            else if (figure.Meaning is Meaning.Flow && !isPeriod)
                yield return $"{place}: a flow has from and to";
            else if (figure.Meaning is Meaning.Stock or Meaning.Cumulative && isPeriod)
                yield return $"{place}: a stock or cumulative figure has at";
            if (figure.From > figure.To)
                yield return $"{place}.to: before from";
            if ((figure.At ?? figure.To) >= city.Today)
                yield return $"{place}: its date must lie before clockStart";
        }
    }

    private static IEnumerable<string> Assumptions(Assumptions a)
    {
        foreach (var (name, share) in new[]
        {
            ("renewedShare", a.RenewedShare.Value), ("householdShare", a.HouseholdShare.Value), ("noShowShare", a.NoShowShare.Value),
            ("terminatedShare", a.TerminatedShare.Value), ("transferredShare", a.TransferredShare.Value), ("placedShare", a.PlacedShare.Value),
            ("bedVisitsShare", a.BedVisitsShare.Value), ("missedVisitShare", a.MissedVisitShare.Value),
        })
        {
            if (share is not (>= 0 and <= 1))
                yield return $"assumptions.{name}: between 0 and 1";
        }
        foreach (var (name, shares) in new (string, double[])[]
        {
            ("answerShares", [a.AnswerShares.Value.Information, a.AnswerShares.Value.Waitlisted, a.AnswerShares.Value.Redirected, a.AnswerShares.Value.Advised]),
            ("answerShares", [a.AnswerShares.Value.Rebooked]),
            ("answerShares", [a.AnswerShares.Value.SentElsewhere]),
            ("examCourseShares", [a.ExamCourseShares.Value.Unsafe, a.ExamCourseShares.Value.Rejected, a.ExamCourseShares.Value.Cancelled, a.ExamCourseShares.Value.NoShow]),
            ("examCourseShares", [a.ExamCourseShares.Value.Critical]),
            ("examCourseShares", [a.ExamCourseShares.Value.ReadLate]),
            ("offerShares", [a.OfferShares.Value.OfOpened]),
            ("offerShares", [a.OfferShares.Value.Declined, a.OfferShares.Value.Unanswered]),
            ("bedCourseShares", [a.BedCourseShares.Value.Extended, a.BedCourseShares.Value.Paused, a.BedCourseShares.Value.Died,
                a.BedCourseShares.Value.ContractEnded, a.BedCourseShares.Value.PeriodEnded]),
            ("bedCourseShares", [a.BedCourseShares.Value.Declined, a.BedCourseShares.Value.Cancelled]),
            ("bedCourseShares", [a.BedCourseShares.Value.Revised]),
            ("visitShares", [a.MissedVisitShare.Value, a.VisitShares.Value.NotAtHome, a.VisitShares.Value.Refused, a.VisitShares.Value.Offline,
                a.VisitShares.Value.Review, a.VisitShares.Value.Urgent]),
        })
        {
            if (shares.Any(s => s is not (>= 0 and <= 1)) || shares.Sum() > 1)
                yield return $"assumptions.{name}: between 0 and 1, and not more than 1 together";
        }
        if (a.BookedSlotShare.Value is not (> 0 and <= 1))
            yield return "assumptions.bookedSlotShare: above 0, at most 1";
        if (a.BedUse.Value is not (> 0 and <= 1))
            yield return "assumptions.bedUse: above 0, at most 1";
        if (a.DisbandmentAfter.Value < 0)
            yield return "assumptions.disbandmentAfter: 0 or more, or null";
        if (a.Hospitals.Value < 1)
            yield return "assumptions.hospitals: 1 or more";
        foreach (var term in a.Terms.Value.Keys.Where(t => !int.TryParse(t, out var months) || !Policy.Default.TermMonthsAllowed.Contains(months)))
            yield return $"assumptions.terms: '{term}' is not one of {string.Join(", ", Policy.Default.TermMonthsAllowed)} months";
        foreach (var age in a.Ages.Value.Keys.Where(k => !Ages.TryParse(k, out _, out _)))
            yield return $"assumptions.ages: '{age}' is not of the form 7-17";
        foreach (var (name, shares) in new[]
        {
            ("terms", a.Terms.Value), ("ages", a.Ages.Value), ("examShares", a.ExamShares.Value), ("technicalStaff", a.TechnicalStaff.Value),
            ("otherStaff", a.OtherStaff.Value),
        })
        {
            if (shares.Count == 0 || shares.Values.Any(s => s is not (>= 0 and <= 1)) || shares.Values.Sum() <= 0)
                yield return $"assumptions.{name}: shares between 0 and 1, not all 0";
        }
    }

    private static IEnumerable<string> Together(CityFile city)
    {
        double Value(string key) => city.Find(key)?.Value ?? 0;
        var contracted = city.Series("contracted");
        if (contracted.Count == 0)
        {
            foreach (var flow in city.Figures.Where(f => f.Key is "appointments" or "referrals" or "exams" or "bedsOpened" or "homeVisits" && f.Value > 0))
                yield return $"figures ({flow.Key}): needs a stock of contracted residents";
        }
        foreach (var (earlier, later) in contracted.Zip(contracted.Skip(1)))
        {
            if (later.Value < earlier.Value)
                yield return $"figures ({later.Key}): below {earlier.Key}; a falling number of contracts cannot be founded";
        }
        if (contracted.Count > 0 && city.Assumptions.HistoryFrom.Value >= contracted[0].At)
            yield return $"assumptions.historyFrom: on or after the first stock, {contracted[0].Key}";
        if (contracted.LastOrDefault() is { } last)
        {
            if (last.Value > city.Districts.Sum(d => (long)d.Population))
                yield return $"figures ({last.Key}): more than all people of the districts";
            if (city.Find("doctors") is { } doctors && last.Value > doctors.Value * Policy.Default.ContractsPerGp)
                yield return $"figures ({last.Key}): more than {Policy.Default.ContractsPerGp} contracts a doctor";
        }
        if (city.Find("doctors") is not null && Value("doctors") < Value("teams"))
            yield return "figures (doctors): fewer than teams, but each team is led by a doctor";
        if (Value("threeStar") + Value("fourStar") + Value("fiveStar") > Value("doctors"))
            yield return "figures (threeStar, fourStar, fiveStar): more than there are doctors";
        if (Value("studios") > Value("fiveStar"))
            yield return "figures (studios): more than five-star doctors";
        if (city.Find("technicalStaff") is not null && Value("technicalStaff") > Value("staff"))
            yield return "figures (technicalStaff): more than staff";
    }
}
