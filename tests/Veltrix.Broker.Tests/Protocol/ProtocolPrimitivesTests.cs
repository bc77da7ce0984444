using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Protocol;

public sealed class ProtocolPrimitivesTests
{
    private const int FrameHeaderBytes = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_ThenRead_GivesEveryTypeBack(bool flexible)
    {
        var id = Guid.NewGuid();
        using var writer = new ProtocolWriter(1, flexible, headerTags: false);
        writer.WriteBoolean(true);
        writer.WriteInt8(-5);
        writer.WriteInt16(-300);
        writer.WriteInt32(int.MinValue);
        writer.WriteInt64(long.MaxValue);
        writer.WriteUuid(id);
        writer.WriteString("größe");
        writer.WriteNullableString(null);
        writer.WriteString(new string('x', 300));
        writer.WriteBytes([1, 2, 3]);
        writer.WriteInt32Array(4, 5);
        writer.WriteArrayLength(-1);
        writer.WriteNoTags();

        var reader = new ProtocolReader(writer.Finish().Span[FrameHeaderBytes..], flexible);

        reader.ReadBoolean().ShouldBeTrue();
        reader.ReadInt8().ShouldBe((sbyte)-5);
        reader.ReadInt16().ShouldBe((short)-300);
        reader.ReadInt32().ShouldBe(int.MinValue);
        reader.ReadInt64().ShouldBe(long.MaxValue);
        reader.ReadUuid().ShouldBe(id);
        reader.ReadString().ShouldBe("größe");
        reader.ReadNullableString().ShouldBeNull();
        reader.ReadString().Length.ShouldBe(300);
        reader.ReadBytes().ToArray().ShouldBe([1, 2, 3]);
        reader.ReadInt32Array().ShouldBe([4, 5]);
        reader.ReadArrayLength().ShouldBe(-1);
        reader.SkipTags();
        reader.Position.ShouldBe(writer.Length - FrameHeaderBytes);
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(127u, 1)]
    [InlineData(128u, 2)]
    [InlineData(16383u, 2)]
    [InlineData(16384u, 3)]
    [InlineData(uint.MaxValue, 5)]
    public void UnsignedVarint_AtEveryLength_GivesTheValueBack(uint value, int bytes)
    {
        using var writer = new ProtocolWriter(1, flexible: true, headerTags: false);
        writer.WriteUnsignedVarint(value);
        (writer.Length - FrameHeaderBytes).ShouldBe(bytes);
        new ProtocolReader(writer.Finish().Span[FrameHeaderBytes..], flexible: true)
            .ReadUnsignedVarint()
            .ShouldBe(value);
    }

    [Fact]
    public void Read_BeyondTheEnd_IsMalformed()
    {
        Should.Throw<MalformedRequestException>(() => new ProtocolReader([1, 2], false).ReadInt32());
        Should.Throw<MalformedRequestException>(() => new ProtocolReader([0, 9, 1], false).ReadString());
        Should.Throw<MalformedRequestException>(() =>
            new ProtocolReader([0x7f, 0xff, 0xff, 0xff], false).ReadArrayLength()
        );
        Should.Throw<MalformedRequestException>(() =>
            new ProtocolReader([0xff, 0xff, 0xff, 0xff, 0x0f], true).ReadString()
        );
        Should.Throw<MalformedRequestException>(() =>
            new ProtocolReader([0xff, 0xff, 0xff, 0xff, 0xff], true).SkipTags()
        );
    }

    [Fact]
    public void SkipTags_UnknownTags_AreSteppedOver()
    {
        // two tags: 0 with one byte, 300 with two; then a number
        var reader = new ProtocolReader([2, 0, 1, 9, 0xAC, 0x02, 2, 8, 8, 0, 5], flexible: true);
        reader.SkipTags();
        reader.ReadInt16().ShouldBe((short)5);
    }
}
