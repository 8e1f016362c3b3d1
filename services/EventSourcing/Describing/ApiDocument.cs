using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The service's OpenAPI document, and a page to browse it and try it. It says nothing that is not in the code already:
/// sentences are the comments', refusals are read from what an endpoint calls, examples are the .http files'.
/// Both are open, as the code is; what they describe is not.
/// </summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<Describing>();
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, context, _) => context.ApplicationServices.GetRequiredService<Describing>().Document(document));
            options.AddOperationTransformer((operation, context, _) => context.ApplicationServices.GetRequiredService<Describing>().Operation(operation, context));
            options.AddSchemaTransformer((schema, context, _) => Describing.Schema(schema, context));
        });
    }

    /// <summary>/openapi/v1.json, written once: it is open, so asking for it must cost nothing.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        var written = new Lazy<Task<string>>(async () =>
        {
            var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
            return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        });
        app.MapGet("/openapi/v1.json", async () => TypedResults.Text(await written.Value, "application/json")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>/docs; all of it comes from here, nothing from elsewhere.</summary>
    public static void UseApiPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = Describing.TitleOf(app.Environment);
        page.SwaggerEndpoint("/openapi/v1.json", page.DocumentTitle);
        page.EnablePersistAuthorization();
    });
}
