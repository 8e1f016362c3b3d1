using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.AppHost;

/// <summary>How a service knows whom to believe, and with which token it speaks itself.</summary>
internal abstract class SignIn
{
    public abstract void Of(IResourceBuilder<ProjectResource> project, params string[] roles);

    public static SignIn Development(IDistributedApplicationBuilder builder, IResourceBuilder<ParameterResource> secret)
    {
        var issuer = new DevelopmentIssuer(builder.Environment, secret.Resource, TimeProvider.System);
        builder.Services.AddSingleton(issuer);
        return new ByDevelopmentIssuer(issuer);
    }

    public static SignIn Authority(IResourceBuilder<ParameterResource> authority) => new ByAuthority(authority);

    private sealed class ByDevelopmentIssuer(DevelopmentIssuer issuer) : SignIn
    {
        private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

        public override void Of(IResourceBuilder<ProjectResource> project, params string[] roles) =>
            project.WithEnvironment(async context =>
            {
                var ct = context.CancellationToken;
                context.EnvironmentVariables["Authentication__Development__PublicKey"] = await issuer.PublicKey(ct);
                context.EnvironmentVariables["Authentication__Development__Token"] =
                    await issuer.Token(project.Resource.Name, roles, organization: null, Lifetime, ct);
            });
    }

    private sealed class ByAuthority(IResourceBuilder<ParameterResource> authority) : SignIn
    {
        public override void Of(IResourceBuilder<ProjectResource> project, params string[] roles) => project
            .WithEnvironment("Authentication__Schemes__Bearer__Authority", authority)
            .WithEnvironment("Authentication__Token",
                project.ApplicationBuilder.AddParameter($"{project.Resource.Name}-token", secret: true));
    }
}
