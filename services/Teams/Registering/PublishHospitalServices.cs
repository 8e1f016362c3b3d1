using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A hospital says which of its services take referrals; those it named before stay.</summary>
public sealed record PublishHospitalServices([Required, MinLength(1)] IReadOnlyList<string>? Services)
{
    public IEnumerable<DomainEvent> Decide(Hospital? hospital)
    {
        if (hospital is null)
            throw new UnknownId();
        var fresh = Refusing.Words(nameof(Services), Services).Except(hospital.Services).ToList();
        return fresh.Count > 0 ? [new HospitalServicePublished(hospital.Entry.HospitalId, fresh)] : [];
    }
}

public static class PublishHospitalServicesEndpoint
{
    public static void MapPublishHospitalServices(this IEndpointRouteBuilder routes) => routes
        .MapPost("/hospitals/{hospitalId:guid}/services", Handle).WithName(nameof(PublishHospitalServices)).WithSummary("Publish services that take referrals")
        .For(Role.Commission, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid hospitalId, PublishHospitalServices command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Hospital>(hospitalId, http.Envelope(), (hospital, _) => command.Decide(hospital), ct));
}
