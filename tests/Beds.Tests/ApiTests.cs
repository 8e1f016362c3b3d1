using FamilyDoctor.Testing;

namespace FamilyDoctor.Beds.Tests;

[Collection("beds")]
public sealed class ApiTests(BedsFixture city) : ApiContract<Program>(city);
