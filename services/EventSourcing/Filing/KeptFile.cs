using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FamilyDoctor.EventSourcing;

/// <summary>A document as it is handed out: to be saved, never to be run or shown inside a page, never taken for something else.</summary>
/// <param name="name">Without the ending, which follows from the type.</param>
public sealed class KeptFile(string contentType, ReadOnlyMemory<byte> content, string name) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(new ProducesResponseTypeMetadata(
        StatusCodes.Status200OK, typeof(Stream), ["application/pdf", "image/jpeg", "image/png", "text/plain"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var ending = contentType.Split(';')[0] switch { "application/pdf" => "pdf", "image/jpeg" => "jpg", "image/png" => "png", _ => "txt" };
        (response.ContentType, response.ContentLength) = (contentType, content.Length);
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{ending}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(content, httpContext.RequestAborted);
    }
}
