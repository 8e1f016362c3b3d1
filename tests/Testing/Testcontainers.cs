#if !TESTCONTAINERS
// Stands in for the packages Testcontainers.PostgreSql and Testcontainers.RabbitMq: the same names, backed by the machine's own binaries.
using FamilyDoctor.AppHost.LocalRuntime;

namespace Testcontainers.PostgreSql
{
    public sealed class PostgreSqlBuilder
    {
        private readonly List<string> _command = [];
        private string _database = "postgres";
        private string _user = "postgres";
        private string _password = "postgres";

        public PostgreSqlBuilder(string? image = null) => _ = image;

        public PostgreSqlBuilder WithImage(string image) => this;
        public PostgreSqlBuilder WithDatabase(string database) => With(() => _database = database);
        public PostgreSqlBuilder WithUsername(string username) => With(() => _user = username);
        public PostgreSqlBuilder WithPassword(string password) => With(() => _password = password);
        public PostgreSqlBuilder WithCommand(params string[] command) => With(() => _command.AddRange(command));

        public PostgreSqlContainer Build() => new(_database, _user, _password, Settings());

        private PostgreSqlBuilder With(Action change)
        {
            change();
            return this;
        }

        private IEnumerable<(string Name, string Value)> Settings() => _command.Where(word => word != "-c").Select(word =>
            word.Split('=', 2) is [var name, var value] ? (name, value) : throw new ArgumentException($"{word} is not name=value."));
    }

    public sealed class PostgreSqlContainer : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("familydoctor-postgres-").FullName;
        private readonly string _database;
        private readonly NativePostgres _server;

        internal PostgreSqlContainer(string database, string user, string password, IEnumerable<(string, string)> settings)
        {
            _database = database;
            _server = new(_folder, PrivateFolder.FreePort(), user, password) { RemoveWhenOrphaned = true };
            foreach (var (name, value) in settings)
                _server.Settings[name] = value;
        }

        public string Hostname => "127.0.0.1";

        public ushort GetMappedPublicPort(int containerPort) => (ushort)_server.Port;

        public string GetConnectionString() => _server.ConnectionString(_database);

        public async Task StartAsync(CancellationToken ct = default)
        {
            await _server.Start(ct);
            if (_database != "postgres")
                await _server.CreateDatabase(_database, ct);
        }

        public Task StopAsync(CancellationToken ct = default) => _server.Stop();

        /// <summary>Beyond the package: <c>kill -9</c> of the whole server; StartAsync brings it back on the same port and data.</summary>
        public Task KillAsync() => _server.Kill();

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}

namespace Testcontainers.RabbitMq
{
    public sealed class RabbitMqBuilder
    {
        private string _user = "rabbitmq";
        private string _password = "rabbitmq";

        public RabbitMqBuilder(string? image = null) => _ = image;

        public RabbitMqBuilder WithImage(string image) => this;

        public RabbitMqBuilder WithUsername(string username)
        {
            _user = username;
            return this;
        }

        public RabbitMqBuilder WithPassword(string password)
        {
            _password = password;
            return this;
        }

        public RabbitMqContainer Build() => new(_user, _password);
    }

    public sealed class RabbitMqContainer : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("familydoctor-rabbitmq-").FullName;
        private readonly NativeRabbitMq _node;

        internal RabbitMqContainer(string user, string password) =>
            _node = new(_folder, RabbitMqPorts.Free(), user, password) { RemoveWhenOrphaned = true };

        public string Hostname => "127.0.0.1";

        public ushort GetMappedPublicPort(int containerPort) => (ushort)_node.Port;

        public string GetConnectionString() => _node.ConnectionString;

        public Task StartAsync(CancellationToken ct = default) => _node.Start(ct);

        public Task StopAsync(CancellationToken ct = default) => _node.Stop();

        /// <summary>Beyond the package: <c>kill -9</c> of the node; StartAsync brings it back on the same port and data.</summary>
        public Task KillAsync() => _node.Kill();

        public async ValueTask DisposeAsync()
        {
            await _node.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
#endif
