using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>One public port for several replicas: connections go round, and past those that do not answer.</summary>
internal sealed class Balancer(int port, IReadOnlyList<int> targets) : IDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private int _turn = -1;

    public void Start()
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, .. Socket.OSSupportsIPv6 ? [IPAddress.IPv6Loopback] : (IPAddress[])[]])
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException) when (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                // A machine may know IPv6 and yet have no loopback address for it.
                continue;
            }

            _listeners.Add(listener);
            _ = Accept(listener);
        }
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed: the application ends.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        using (var server = await Connect())
        {
            if (server is null)
                return;
            try
            {
                await Task.WhenAll(Pump(client, server), Pump(server, client));
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException)
            {
                // Either side may leave at any time; closing both tells the other.
            }
        }
    }

    private async Task<TcpClient?> Connect()
    {
        var first = Interlocked.Increment(ref _turn);
        foreach (var target in targets.Select((_, i) => targets[(int)((uint)(first + i) % targets.Count)]))
        {
            var server = new TcpClient { NoDelay = true };
            try
            {
                await server.ConnectAsync("localhost", target);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    private static async Task Pump(TcpClient from, TcpClient to)
    {
        from.NoDelay = true;
        await from.GetStream().CopyToAsync(to.GetStream());
        to.Client.Shutdown(SocketShutdown.Send);
    }
}

/// <summary>Which public port each endpoint has, and that nobody else holds it.</summary>
internal static class Ports
{
    public static void Settle(IEnumerable<IResource> resources, bool random)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (random || endpoint.Port is null)
                    endpoint.Port = PrivateFolder.FreePort();
                else if (!DataFolder.IsFree(endpoint.Port.Value))
                    throw new DistributedApplicationException($"Port {endpoint.Port} of {resource.Name} is taken{By(endpoint.Port.Value)}. " +
                        "Stop that program, then start again.");
            }
        }
    }

    private static string By(int port)
    {
        try
        {
            using var list = Process.Start(new ProcessStartInfo("lsof", ["-nP", $"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            var fields = list!.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return fields is [['p', .. var process], ['c', .. var command], ..] ? $" by {command} (process {process})" : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return Listener(port);
        }
    }

    private static string Listener(int port)
    {
        try
        {
            using var list = Process.Start(new ProcessStartInfo("ss", ["-ltnpH", $"sport = :{port}"]) { RedirectStandardOutput = true });
            var text = list!.StandardOutput.ReadToEnd();
            var match = System.Text.RegularExpressions.Regex.Match(text, "\"(?<command>[^\"]+)\",pid=(?<process>\\d+)");
            return match.Success ? $" by {match.Groups["command"]} (process {match.Groups["process"]})" : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
