using LibrdkafkaRedist;

namespace Veltrix.Hosting.Tests;

public sealed class NativePackagesTests
{
    [Fact]
    public void ReadPlan_LinesOfApt_GivesNamesAndSizes()
    {
        const string plan = """
            'http://deb.example/pool/libr/librdkafka1_2.0.2-1_amd64.deb' librdkafka1_2.0.2-1_amd64.deb 643568 MD5Sum:00
            'http://deb.example/pool/l/lz4/liblz4-1_1.9.4-1_amd64.deb' liblz4-1_1.9.4-1_amd64.deb 63000 MD5Sum:00
            0 upgraded, 2 newly installed
            """;

        NativePackages.ReadPlan(plan).ShouldBe([("librdkafka1", 643568), ("liblz4-1", 63000)]);
    }

    [Fact]
    public void MissingLibraries_ReportOfLdd_NamesEachOnce()
    {
        const string report =
            "/x/a:\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibb.so.1 => not found\n/x/c:\n\tlibb.so.1 => not found\n\tliba.so.2 => not found\n";

        NativePackages.MissingLibraries(report).ShouldBe(["liba.so.2", "libb.so.1"]);
    }

    [Fact]
    public async Task FetchAsync_NoSuchPackage_SaysWhatToType()
    {
        var error = await Should.ThrowAsync<NativePackageException>(() =>
            NativePackages.FetchAsync("no-such-package-of-veltrix", _ => { }, TestContext.Current.CancellationToken)
        );

        error.Message.ShouldContain("apt-get install -y --no-install-recommends no-such-package-of-veltrix");
    }
}
