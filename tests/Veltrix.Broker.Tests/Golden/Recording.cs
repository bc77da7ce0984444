using Veltrix.Broker.Protocol;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Golden;

/// <summary>A request as a client sent it, and how it was answered: one line of a file in this folder.</summary>
/// <param name="Source">The file's name: which client, and who answered.</param>
/// <param name="Api">Which request.</param>
/// <param name="Version">Its version.</param>
/// <param name="Request">Its frame, without the size in front.</param>
/// <param name="Response">The answer's frame, without the size in front.</param>
internal sealed record Recording(string Source, WireApi Api, short Version, byte[] Request, byte[] Response)
{
    public static IReadOnlyList<Recording> All { get; } = Load();

    public override string ToString() => $"{Source}: {Api.Name} version {Version}";

    private static List<Recording> Load()
    {
        var recordings = new List<Recording>();
        var folder = Path.Combine(AppContext.BaseDirectory, "Golden");
        foreach (var file in Directory.EnumerateFiles(folder, "*.txt"))
        {
            foreach (var line in File.ReadLines(file).Where(line => !line.StartsWith('#')))
            {
                if (line.Split(' ') is not [var name, var version, var request, var response])
                    throw new InvalidDataException($"{file}: {line}");
                recordings.Add(
                    new Recording(
                        Path.GetFileNameWithoutExtension(file),
                        WireProtocol.Api(name),
                        short.Parse(version),
                        Convert.FromHexString(request),
                        Convert.FromHexString(response)
                    )
                );
            }
        }
        return recordings;
    }

    public bool IsSpokenByTheBroker => Version <= Fuzz.ApiVersions.Last(Api.Name);

    public ApiKey Key => (ApiKey)Api.Key;
}
