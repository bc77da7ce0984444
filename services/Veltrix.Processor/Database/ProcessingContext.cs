using Microsoft.EntityFrameworkCore;

namespace Veltrix.Processor.Database;

/// <summary>
/// Carries the schema's migrations and nothing else: whole batches are written with unnest and ON CONFLICT, which no
/// change tracker can express, so no table is mapped.
/// </summary>
internal sealed class ProcessingContext(DbContextOptions<ProcessingContext> options) : DbContext(options);
