using FamilyDoctor.EventSourcing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FamilyDoctor.Bench;

/// <summary>The bus of a service that only publishes, registered as services register theirs, with all queues of the city.</summary>
public sealed class Post : IAsyncDisposable
{
    private readonly IHost host;

    private Post(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public static async Task<Post> Open(Ground ground, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddFamilyDoctorBus("bench", ground.Broker, []);
        more?.Invoke(builder.Services);
        var post = new Post(builder.Build());
        await post.host.StartAsync();
        return post;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
