using System.Globalization;
using StbImageSharp;

// CheckPictures FOLDER COUNT WIDTH HEIGHT: exits 0 when the folder holds that many pictures, and all decode to that size.
if (args.Length != 4)
{
    Console.Error.WriteLine("Usage: CheckPictures FOLDER COUNT WIDTH HEIGHT");
    return 2;
}
int count = int.Parse(args[1], CultureInfo.InvariantCulture);
int width = int.Parse(args[2], CultureInfo.InvariantCulture);
int height = int.Parse(args[3], CultureInfo.InvariantCulture);

string[] files = Directory.GetFiles(args[0]);
bool good = files.Length == count;
foreach (string file in files.Order())
{
    using FileStream stream = File.OpenRead(file);
    var picture = ImageResult.FromStream(stream, ColorComponents.RedGreenBlue);
    Console.WriteLine($"{picture.Width}x{picture.Height} {Path.GetFileName(file)}");
    good &= picture.Width == width && picture.Height == height;
}
Console.WriteLine(good ? $"{count} pictures of {width}x{height}" : $"Wanted {count} pictures of {width}x{height}; see above.");
return good ? 0 : 1;
