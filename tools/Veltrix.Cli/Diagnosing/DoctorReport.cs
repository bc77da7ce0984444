using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Cli.Diagnosing;

/// <summary>What <c>veltrix doctor --format json</c> prints.</summary>
/// <param name="Refused">Whether the configuration must not be published.</param>
/// <param name="Findings">Errors first.</param>
/// <param name="Capacity">What the configuration can take.</param>
internal sealed record DoctorReport(bool Refused, IReadOnlyList<Finding> Findings, CapacityAnswers Capacity);
