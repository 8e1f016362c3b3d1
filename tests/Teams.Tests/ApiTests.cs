using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests;

[Collection("teams")]
public sealed class ApiTests(TeamsFixture city) : ApiContract<Program>(city);
