<#
.SYNOPSIS
Creates the images of the README from the emulator, without a key, a network or costs.

.DESCRIPTION
The terminal is tmux with pwsh. The script types the pipeline and captures the terminal while images are saved. The gallery is a page of
Export-NanoBananaGallery in a headless Chromium, with light and dark colors. Run the script after a change of a view, the progress or
the page. It needs pwsh 7.4 or later or tools/Pwsh, tmux, Chromium, and a built module (dotnet build).

.EXAMPLE
./tools/Screenshots/Write-Screenshots.ps1

.EXAMPLE
dotnet run --project tools/Pwsh -- ./tools/Screenshots/Write-Screenshots.ps1

Runs the script on a machine without pwsh.
#>
[CmdletBinding()]
param(
    # The folder of the images.
    [string] $Destination = "$PSScriptRoot/../../docs/images"
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$module = (Resolve-Path "$PSScriptRoot/../../out/NanoBanana").Path
$pwsh = (Get-Process -Id $PID).Path
$chromium = Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore | Select-Object -First 1
$null = Get-Command tmux -CommandType Application
if (-not $chromium) { throw 'Chromium is not installed.' }
$columns = 100
$folder = (New-Item -ItemType Directory -Path ([System.IO.Path]::GetTempPath()) -Name "NanoBanana-screenshots-$PID").FullName
$null = New-Item -ItemType Directory -Path $Destination -Force

function Invoke-Tmux { tmux -L "nanobanana-$PID" -f /dev/null @args }

# Captures the terminal until the condition is true.
function Get-Screen([scriptblock] $Condition) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    do {
        $screen = @(Invoke-Tmux capture-pane -p -e)
        if (& $Condition ($screen -replace '\e\[[0-9;]*m')) { return $screen }
        Start-Sleep -Milliseconds 50
    } while ($clock.Elapsed.TotalSeconds -lt 90)
    throw "The terminal does not show the expected text after 90 seconds. It shows:`n$($screen -join "`n")"
}

function Write-Terminal {
    Import-Csv "$PSScriptRoot/images.csv" | Select-Object Name, Prompt | Export-Csv "$folder/prompts.csv"
    $session = "'$pwsh' -NoLogo -NoProfile -NoExit -File '$PSScriptRoot/Session.ps1' '$module' '$folder'"
    Invoke-Tmux new-session -d -x $columns -y 30 "TERM=xterm-256color COLORTERM=truecolor $session"
    try {
        $null = Get-Screen { param($lines) $lines[0] -like 'PS>*' }
        $lines = 'Import-Csv prompts.csv | New-NanoBananaImage -AspectRatio 16:9 -Batch catalog |',
            "  Save-NanoBananaImage images -FileName '{name}'"
        foreach ($line in $lines) {
            Invoke-Tmux send-keys -l $line
            Invoke-Tmux send-keys Enter
        }
        Invoke-Tmux send-keys Enter
        # The progress bar is drawn once a second. Its count must match the rows of the table.
        $screen = Get-Screen {
            param($lines)
            $rows = @($lines -like '*.png *').Count
            $rows -in 4, 5 -and $lines -match "\[$rows of 7"
        }
        $null = Get-Screen { param($lines) @($lines -like '*.png *').Count -eq 7 -and -not ($lines -like '* of 7*') }
    }
    finally {
        Invoke-Tmux kill-server
    }
    $description = 'A terminal: the prompts of a CSV file become images. A table lists the saved files. ' +
        'A progress bar shows how many are saved.'
    $screen = $screen -replace [regex]::Escape($folder), '/home/you'
    & "$PSScriptRoot/ConvertTo-TerminalSvg.ps1" -Line $screen -Width $columns -Description $description |
        Set-Content "$Destination/pipeline.svg" -Encoding utf8NoBOM
}

function Write-Gallery {
    $env:NANOBANANA_JOURNAL = "$folder/gallery.db"
    Import-Module $module
    Start-NanoBananaEmulator -TimeScale 0.3 -Seed 5 | Connect-NanoBanana
    try {
        $failure = [pscustomobject]@{ Name = 'tulips'; Prompt = 'A vase of tulips [fail:5001095]'; AspectRatio = '1:1' }
        @(Import-Csv "$PSScriptRoot/images.csv") + $failure |
            New-NanoBananaImage -Batch catalog |
            Save-NanoBananaImage "$folder/gallery" -FileName '{name}' -ErrorAction SilentlyContinue | Out-Null
        $edit = 'Make it night, with northern lights over the snow'
        $lynx = "$folder/gallery/lynx-in-snow.png"
        New-NanoBananaImage -Prompt $edit -ImagePath $lynx -AspectRatio 16:9 -Name lynx-at-night -Batch catalog |
            Save-NanoBananaImage "$folder/gallery" -FileName '{name}' | Out-Null
        $page = Export-NanoBananaGallery "$folder/gallery/index.html" -Batch catalog -Title 'Catalog, first drafts'
    }
    finally {
        Stop-NanoBananaEmulator
    }
    # A screenshot does not wait for images that load when the page is scrolled.
    (Get-Content $page -Raw).Replace('loading="lazy" decoding="async"', 'decoding="sync"') | Set-Content $page -NoNewline
    foreach ($scheme in @{ Name = 'light'; Value = 1 }, @{ Name = 'dark'; Value = 0 }) {
        $options = "--blink-settings=preferredColorScheme=$($scheme.Value)", '--window-size=1200,890',
            '--force-device-scale-factor=1.5', "--screenshot=$folder/shot.png"
        $null = Invoke-Chromium @options "file://$page"
        [System.IO.File]::WriteAllBytes("$Destination/gallery-$($scheme.Name).webp", (ConvertTo-WebP "$folder/shot.png"))
    }
}

function Invoke-Chromium {
    $flags = '--headless', '--disable-gpu', '--hide-scrollbars', '--no-first-run', '--disable-background-networking',
        "--user-data-dir=$folder/$([guid]::NewGuid())", '--virtual-time-budget=5000'
    if ((id -u) -eq 0) { $flags += '--no-sandbox' }
    & $chromium @flags @args 2>$null
}

# Chromium takes screenshots as PNG only. A canvas in a page converts them to WebP, which is a fifth of the size.
function ConvertTo-WebP([string] $Png) {
    @"
<img src="data:image/png;base64,$([convert]::ToBase64String([System.IO.File]::ReadAllBytes($Png)))"><script>
onload = () => {
  const image = document.images[0], canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  document.body.textContent = canvas.toDataURL('image/webp', 0.85);
};
</script>
"@ | Set-Content "$folder/convert.html"
    $page = (Invoke-Chromium --dump-dom "file://$folder/convert.html") -join ''
    if ($page -notmatch 'data:image/webp;base64,([A-Za-z0-9+/=]+)') { throw 'Chromium did not convert the screenshot to WebP.' }
    , [convert]::FromBase64String($Matches[1])
}

try {
    Write-Terminal
    Write-Gallery
}
finally {
    Remove-Module NanoBanana -ErrorAction Ignore
    Remove-Item $folder -Recurse -Force -ErrorAction Ignore
}
Get-ChildItem $Destination
