<#
.SYNOPSIS
Converts a screen of a terminal to SVG, which is sharp at any size and has only a few kilobytes.

.DESCRIPTION
Takes the lines of `tmux capture-pane -p -e`. It reads the escape sequences that tmux writes for color and style
(ECMA-48, SGR). tmux has already applied all others, such as cursor movements.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [AllowEmptyString()]
    [string[]] $Line,

    # The text alternative of the image.
    [Parameter(Mandatory)]
    [string] $Description,

    # The columns of the terminal.
    [int] $Width = 100
)

$cell = @{ Width = 8.43; Height = 20; Left = 20; Top = 52 }
$colors = '#3b3f45', '#f2777a', '#8fc379', '#f2c230', '#7aa8f0', '#c792ea', '#66c7cf', '#d5d8dc',
    '#7d848d', '#ff8f92', '#a8dc92', '#ffd75f', '#9cc0ff', '#dcaefc', '#86e1e8', '#ffffff'
$foreground = '#d5d8dc'
$background = '#1b1d21'

# The style after an SGR sequence.
function Get-Style([hashtable] $Style, [string] $Codes) {
    $next = $Style.Clone()
    $numbers = [System.Collections.Generic.Queue[int]]::new([int[]]@($Codes -split ';' | ForEach-Object { if ($_) { $_ } else { 0 } }))
    while ($numbers.Count -gt 0) {
        $code = $numbers.Dequeue()
        switch ($code) {
            0 { $next = @{} }
            1 { $next.Bold = $true }
            3 { $next.Italic = $true }
            7 { $next.Inverse = $true }
            22 { $next.Bold = $false }
            23 { $next.Italic = $false }
            27 { $next.Inverse = $false }
            39 { $next.Color = $null }
            { $_ -in 30..37 } { $next.Color = $colors[$code - 30] }
            { $_ -in 90..97 } { $next.Color = $colors[$code - 82] }
            38 {
                $kind = $numbers.Dequeue()
                $next.Color = if ($kind -eq 2) {
                    '#{0:x2}{1:x2}{2:x2}' -f $numbers.Dequeue(), $numbers.Dequeue(), $numbers.Dequeue()
                }
                else {
                    $colors[$numbers.Dequeue() % 16]
                }
            }
        }
    }
    $next
}

function Format-Number([double] $Value) { $Value.ToString('0.##', [cultureinfo]::InvariantCulture) }

$last = [array]::FindLastIndex($Line, [Predicate[string]] { param($text) ($text -replace '\e\[[0-9;]*m').Trim() })
$rows = $last + 1
$size = @{ Width = 2 * $cell.Left + $Width * $cell.Width; Height = $cell.Top + $rows * $cell.Height + 8 }
$svg = [System.Text.StringBuilder]::new()
$root = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
$label = [System.Net.WebUtility]::HtmlEncode($Description)
$null = $svg.AppendLine(($root -f (Format-Number $size.Width), (Format-Number $size.Height), $label))
$fonts = "ui-monospace, 'Cascadia Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
$null = $svg.AppendLine("<style>text { font: 14px $fonts; white-space: pre }</style>")
$null = $svg.AppendLine("<rect width=`"100%`" height=`"100%`" rx=`"10`" fill=`"$background`"/>")
0..2 | ForEach-Object { $null = $svg.AppendLine("<circle cx=`"$(24 + 20 * $_)`" cy=`"22`" r=`"6`" fill=`"#3b3f45`"/>") }
$style = @{}
for ($row = 0; $row -lt $rows; $row++) {
    $column = 0
    foreach ($part in [regex]::Split($Line[$row], '(\e\[[0-9;]*m)')) {
        if ($part -match '^\e\[([0-9;]*)m$') {
            $style = Get-Style $style $Matches[1]
            continue
        }
        if ($part.Length -eq 0) { continue }
        $x = Format-Number ($cell.Left + $column * $cell.Width)
        $width = Format-Number ($part.Length * $cell.Width)
        $y = $cell.Top + $row * $cell.Height
        $color = if ($style.Color) { $style.Color } else { $foreground }
        if ($style.Inverse) {
            $null = $svg.AppendLine("<rect x=`"$x`" y=`"$($y - 15)`" width=`"$width`" height=`"$($cell.Height)`" fill=`"$color`"/>")
            $color = $background
        }
        if ($part.Trim()) {
            $face = "$(if ($style.Bold) { ' font-weight="600"' })$(if ($style.Italic) { ' font-style="italic"' })"
            $place = "x=`"$x`" y=`"$y`" textLength=`"$width`" lengthAdjust=`"spacingAndGlyphs`""
            $text = [System.Net.WebUtility]::HtmlEncode($part)
            $null = $svg.AppendLine("<text $place fill=`"$color`"$face>$text</text>")
        }
        $column += $part.Length
    }
}
$null = $svg.Append('</svg>')
$svg.ToString()
