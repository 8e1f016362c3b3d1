using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests;

[Collection("contracts")]
public sealed class ApiTests(ContractsFixture city) : ApiContract<Program>(city);
