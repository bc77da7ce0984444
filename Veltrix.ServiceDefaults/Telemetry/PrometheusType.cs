namespace Veltrix.ServiceDefaults.Telemetry;

internal enum PrometheusType
{
    Counter,
    Gauge,
    Histogram,
}
