using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests;

[Collection("referrals")]
public sealed class ApiTests(ReferralsFixture city) : ApiContract<Program>(city);
