using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Http.Resilience;

internal sealed record HttpStandardResiliencePipelineBuilder(string PipelineName, IServiceCollection Services)
    : IHttpStandardResiliencePipelineBuilder;
