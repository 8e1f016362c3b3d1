using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.EventSourcing;

/// <summary>In which language a page for people is written: Chinese, or English.</summary>
public sealed record Language(bool IsChinese)
{
    public string Code => IsChinese ? "zh-CN" : "en";

    /// <summary>As asked for, else as the browser's reader prefers, else Chinese.</summary>
    public static Language Of(HttpRequest request, string? asked) => asked?.ToLowerInvariant() switch
    {
        "zh" => new(true),
        "en" => new(false),
        null => new(request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString().ToLowerInvariant())
            .FirstOrDefault(l => l is "zh" or "en" || l.StartsWith("zh-", StringComparison.Ordinal) || l.StartsWith("en-", StringComparison.Ordinal))
            ?.StartsWith("zh", StringComparison.Ordinal) ?? true),
        _ => throw new BadHttpRequestException("lang is zh or en."),
    };

    public string Say(string chinese, string english) => IsChinese ? chinese : english;

    public string Say(DateOnly date) => IsChinese
        ? string.Create(CultureInfo.InvariantCulture, $"{date:yyyy年M月d日} 星期{"日一二三四五六"[(int)date.DayOfWeek]}")
        : date.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>What a code of the field is called; the code itself where it has no name here.</summary>
    public string Name(string code) => Names.GetValueOrDefault(code) is var (chinese, english) && chinese is not null ? Say(chinese, english) : code;

    private static readonly Dictionary<string, (string Chinese, string English)> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cardiology"] = ("心血管内科", "Cardiology"),
        ["neurology"] = ("神经内科", "Neurology"),
        ["endocrinology"] = ("内分泌科", "Endocrinology"),
        ["orthopaedics"] = ("骨科", "Orthopaedics"),
        ["ophthalmology"] = ("眼科", "Ophthalmology"),
        ["oncology"] = ("肿瘤科", "Oncology"),
        ["CT"] = ("CT（计算机断层扫描）", "CT (computed tomography)"),
        ["MRI"] = ("磁共振成像（MRI）", "MRI (magnetic resonance imaging)"),
        ["PETCT"] = ("PET-CT（正电子发射断层扫描）", "PET-CT"),
        ["endoscopy"] = ("内镜检查", "Endoscopy"),
        ["head"] = ("头部", "Head"),
        ["chest"] = ("胸部", "Chest"),
        ["abdomen"] = ("腹部", "Abdomen"),
        ["spine"] = ("脊柱", "Spine"),
        ["knee"] = ("膝关节", "Knee"),
        ["stomach"] = ("胃", "Stomach"),
        ["colon"] = ("结肠", "Colon"),
        ["wholeBody"] = ("全身", "Whole body"),
        ["Routine"] = ("普通", "Routine"),
        ["Urgent"] = ("紧急", "Urgent"),
        ["Emergency"] = ("急诊绿色通道", "Emergency (green channel)"),
        ["Therapeutic"] = ("治疗型", "Therapeutic"),
        ["Rehabilitative"] = ("康复型", "Rehabilitative"),
        ["Palliative"] = ("舒缓照护型", "Palliative"),
    };
}
