using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.EventSourcing;

/// <summary>Whose a row is: the institutions and hospitals that see to it, and the resident it is about.</summary>
/// <param name="Guardian">Who acts for the resident.</param>
/// <param name="IsFree">No clinic cares for him, so any may take him in; that opens nothing of what was.</param>
/// <param name="OrWho">Whoever reaches the resident reaches this too.</param>
public sealed record Whose(Guid? Resident, IReadOnlyCollection<Guid> Organizations, string? Guardian = null, bool IsFree = false, bool OrWho = false)
{
    /// <summary>Part of the directory.</summary>
    public static Whose Anybody { get; } = new(null, []);
}

/// <summary>Who asks, and for which organisation, as his token says.</summary>
/// <param name="HasCity">Machines of the programme, and tokens with the claim scope=city: everything is within their reach.</param>
public sealed record Caller(string Id, IReadOnlySet<string> Roles, Guid? Organization, bool HasCity)
{
    public const string Scope = "scope", City = "city";

    public static Caller Of(ClaimsPrincipal user)
    {
        var roles = user.FindAll("role").Select(c => c.Value).ToHashSet();
        return new(user.FindFirstValue("sub") ?? "", roles, Guid.TryParse(user.FindFirstValue("org"), out var organization) ? organization : null,
            roles.Contains(Role.Service) || roles.Contains(Role.Import) || user.FindAll(Scope).Any(c => c.Value.Split(' ').Contains(City)));
    }

    /// <summary>Whether one of these roles of his brings him there.</summary>
    public bool Reaches(Whose whose, IEnumerable<string> roles, bool toChange) => ReferenceEquals(whose, Whose.Anybody) || roles.Any(role => role switch
    {
        Role.Clinic => Organization is { } clinic && (whose.Organizations.Contains(clinic) || (whose.IsFree && toChange)),
        Role.Hospital => Organization is { } hospital && whose.Organizations.Contains(hospital),
        Role.Resident => Id.Length > 0 && (Id == whose.Resident?.ToString() || Id == whose.Guardian),
        _ => false,
    });
}

/// <summary>For lists that no parameter narrows down to one organisation: they are cut to the caller's own.</summary>
public static class OwnOrganization
{
    /// <summary>The only organisation whose rows he may see; null when he may see all.</summary>
    public static Guid? OnlyOf(this HttpContext http) => Caller.Of(http.User) is { HasCity: false } caller ? caller.Organization ?? Guid.Empty : null;
}
