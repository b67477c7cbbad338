using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>The area of an image on the screen.</summary>
public sealed class CellBoxTests
{
    private static readonly PixelSize Cell = new(10, 20);

    [Theory]
    [InlineData("60", 60, 9999)]
    [InlineData("60x20", 60, 20)]
    [InlineData(" 60X20 ", 60, 20)]
    [InlineData("x20", 9999, 20)]
    public void A_size_is_columns_or_columns_and_rows(string text, int columns, int rows) =>
        Assert.Equal(new CellBox(columns, rows), CellBox.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("0x20")]
    [InlineData("60x")]
    [InlineData("60x20x2")]
    [InlineData("-5")]
    [InlineData("60%")]
    [InlineData("10000")]
    public void Another_text_is_not_a_size(string text) => Assert.Null(CellBox.Parse(text));

    [Theory]
    // The width limits wide images and the height limits tall ones.
    [InlineData(4000, 1000, 800, 200, 80, 10)]
    [InlineData(1000, 1000, 480, 480, 48, 24)]
    [InlineData(1000, 8000, 60, 480, 6, 24)]
    // A small image keeps its size.
    [InlineData(32, 32, 32, 32, 4, 2)]
    // A side is at least one pixel.
    [InlineData(100_000, 1, 800, 1, 80, 1)]
    public void An_image_fits_its_box_with_its_aspect_ratio(int width, int height, int shownWidth, int shownHeight, int columns, int rows)
    {
        ImagePlace place = new CellBox(80, 24).Fit(new PixelSize(width, height), Cell, mayEnlarge: false);

        Assert.Equal(new PixelSize(shownWidth, shownHeight), place.Pixels);
        Assert.Equal(new CellBox(columns, rows), place.Cells);
    }

    [Fact]
    public void A_small_image_is_enlarged_if_a_size_is_given()
    {
        ImagePlace place = new CellBox(60, 9999).Fit(new PixelSize(32, 32), Cell, mayEnlarge: true);

        Assert.Equal(new CellBox(60, 30), place.Cells);
        Assert.Equal(new PixelSize(600, 600), place.Pixels);
    }
}
