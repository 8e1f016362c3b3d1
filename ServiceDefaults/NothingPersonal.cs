using System.Diagnostics;
using OpenTelemetry;

namespace FamilyDoctor.ServiceDefaults;

/// <summary>Statements and addresses may name people, so they stay here.</summary>
internal sealed class NothingPersonal : BaseProcessor<Activity>
{
    private static readonly string[] Scrubbed =
        ["db.query.text", "db.statement", "url.path", "url.query", "url.full", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Scrubbed)
            data.SetTag(tag, null);
    }
}
