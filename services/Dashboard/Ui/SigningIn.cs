using FamilyDoctor.Dashboard.Explaining;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>
/// A browser's way to a token: pasted once, checked as any other, kept in a cookie that no script can read and no other
/// site can send. It is good for reading only, and no longer than the token itself.
/// </summary>
internal static class SigningIn
{
    private const string Cookie = "token", Page = "/sign-in", Form = "/sign-in/token";

    /// <summary>What fits into a cookie.</summary>
    private const int Longest = 3800;

    public static void AddSigningIn(this IServiceCollection services) => services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = async received =>
            {
                var request = received.Request;
                if (HttpMethods.IsPost(request.Method) && request.Path == Form && request.HasFormContentType)
                    received.Token = (await request.ReadFormAsync(received.HttpContext.RequestAborted))["token"].ToString().Trim();
                else if (HttpMethods.IsGet(request.Method) && request.Headers.Authorization.Count == 0)
                    received.Token = request.Cookies[Cookie];
            },
            OnChallenge = challenge => SendTo(challenge, "", challenge.HandleResponse),
            OnForbidden = forbidden => SendTo(forbidden, "&refused=role", () => { }),
        });

    public static void MapSigningIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Form, (Delegate)SignIn).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
        routes.MapPost("/sign-out", (HttpContext http) =>
        {
            if (!IsOurs(http.Request))
                return Results.BadRequest();
            http.Response.Cookies.Delete(Cookie);
            return Results.LocalRedirect("/");
        }).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
    }

    /// <summary>The token with which the reader speaks, also to the services behind.</summary>
    public static string TokenOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { Length: > 7 } header ? header[7..] : http.Request.Cookies[Cookie] ?? "";

    public static bool MayRead(HttpContext http) => WhyEndpoint.Roles.Any(http.User.IsInRole);

    private static async Task<IResult> SignIn(HttpContext http)
    {
        if (!IsOurs(http.Request))
            return Results.BadRequest();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (token, back) = (form["token"].ToString().Trim(), form["back"].ToString());
        var known = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!known.Succeeded || token.Length > Longest || !MayRead(http))
        {
            var wrong = known.Succeeded && token.Length <= Longest ? "role" : "wrong";
            return Results.LocalRedirect($"{Page}?back={Uri.EscapeDataString(Pages.Ours(back))}&refused={wrong}");
        }
        http.Response.Cookies.Append(Cookie, token, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Expires = known.Properties?.ExpiresUtc,
        });
        return Results.LocalRedirect(Pages.Ours(back));
    }

    /// <summary>A page of another site must not sign its reader in or out here.</summary>
    private static bool IsOurs(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } origin || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);

    /// <summary>A browser that opens a page is shown where to sign in; every other client is told as before.</summary>
    private static Task SendTo(BaseContext<JwtBearerOptions> context, string more, Action handled)
    {
        var request = context.Request;
        if (!request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) || request.Path.StartsWithSegments("/api")
            || request.Headers.ContainsKey("HX-Request"))
            return Task.CompletedTask;
        handled();
        context.Response.Redirect($"{Page}?back={Uri.EscapeDataString(request.Path + request.QueryString)}{more}");
        return Task.CompletedTask;
    }
}
