namespace LibrdkafkaRedist;

/// <summary>A native prerequisite is missing and could not be fetched; the message says what to type.</summary>
internal sealed class NativePackageException(string message, Exception? inner = null) : Exception(message, inner);
