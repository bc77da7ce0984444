using Veltrix.Events;

namespace Veltrix.Events.Tests;

public sealed class ErrorCatalogueTests
{
    [Fact]
    public void All_HasOneEntryPerCode() => ErrorCatalogue.All.Select(error => error.Code).ShouldBeUnique();

    [Fact]
    public void All_EntriesSayCauseAndFix() =>
        ErrorCatalogue.All.ShouldAllBe(error =>
            error.Code.StartsWith("VX-")
            && error.Title.Length > 0
            && error.Cause.EndsWith('.')
            && error.Fix.EndsWith('.')
        );
}
