<#
The code that the files of this suite share. Each file dot-sources it in its BeforeAll. The tests need no key and no network, and the
files can run in any order.
#>
$ModulePath = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../out/NanoBanana")
if (-not (Test-Path -LiteralPath "$ModulePath/NanoBanana.psd1")) {
    throw "There is no module in '$ModulePath'. Run: dotnet build"
}
Import-Module -Name $ModulePath

# Each test sets its own error action. The developer may have set another default.
$ErrorActionPreference = 'Continue'

# The tests must not use a real key of the developer.
[System.Environment]::SetEnvironmentVariable('NANOBANANA_API_KEY', $null)
[System.Environment]::SetEnvironmentVariable('NANOBANANA_JOURNAL', $null)
# The tasks of emulators are journaled outside of the developer's data folder (on Linux).
[System.Environment]::SetEnvironmentVariable(
    'XDG_DATA_HOME', [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "NanoBanana-data-$PID"))

# Uses a separate journal for the tasks of this process, and returns its path.
function Use-TestJournal {
    $path = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "NanoBanana-journal-$([guid]::NewGuid())", 'journal.db')
    $env:NANOBANANA_JOURNAL = $path
    $path
}

# Removes the test journal. On Windows the file may remain, because it is open while the module is loaded.
function Clear-TestJournal {
    param([string] $Path)
    $env:NANOBANANA_JOURNAL = $null
    Remove-Item -LiteralPath (Split-Path -Path $Path) -Recurse -Force -ErrorAction Ignore
}

# Starts an emulator whose tasks complete at the first poll, connects this runspace to it, and returns it.
function Connect-TestEmulator {
    param([string] $ApiKey, [double] $FailureRate = 0)
    $key = $ApiKey ? @{ ApiKey = $ApiKey } : @{}
    $emulator = Start-NanoBananaEmulator -TimeScale 0 -FailureRate $FailureRate @key
    $emulator | Connect-NanoBanana
    $emulator
}

# Waits, without polling, until a counter of the emulator has reached a value.
function Wait-EmulatorCounter {
    param([NanoBanana.Emulator.EmulatorServer] $Emulator, [string] $Counter, [long] $AtLeast)
    # The condition runs on threads of the emulator, which can't run a script block.
    $counters = [System.Linq.Expressions.Expression]::Parameter([NanoBanana.Emulator.EmulatorCounters], 'counters')
    $reached = [System.Linq.Expressions.Expression]::GreaterThanOrEqual(
        [System.Linq.Expressions.Expression]::Property($counters, $Counter),
        [System.Linq.Expressions.Expression]::Constant($AtLeast))
    $condition = [System.Linq.Expressions.Expression]::Lambda(
        [System.Func[NanoBanana.Emulator.EmulatorCounters, bool]], $reached, $counters).Compile()
    if (-not $Emulator.WaitForAsync($condition).Wait([timespan]::FromSeconds(30))) {
        throw "$Counter has not come to $AtLeast in 30 seconds: $($Emulator.Counters)"
    }
}

# Runs a script in a separate runspace with a host that can't prompt, and returns its output and errors.
function Invoke-Unattended {
    param([string] $Script, [hashtable] $With = @{})
    $shell = [powershell]::Create()
    try {
        $null = $shell.AddScript("Import-Module -Name '$ModulePath'")
        foreach ($name in $With.Keys) {
            $shell.Runspace.SessionStateProxy.SetVariable($name, $With[$name])
        }
        $null = $shell.AddStatement().AddScript($Script)
        $failure = $null
        try {
            $output = @($shell.Invoke())
        }
        catch {
            $failure = $_.Exception.InnerException
        }
        [pscustomobject]@{ Output = $output; Errors = @($shell.Streams.Error); Failure = $failure }
    }
    finally {
        $shell.Dispose()
    }
}

# Returns the text that a script writes to the host. -WhatIf writes only to the host and not to a stream.
function Get-HostText {
    param([scriptblock] $Script)
    $transcript = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "$([guid]::NewGuid()).txt"
    $null = Start-Transcript -LiteralPath $transcript -UseMinimalHeader
    try {
        & $Script | Out-Default
    }
    finally {
        $null = Stop-Transcript
    }
    [System.IO.File]::ReadAllText($transcript)
    [System.IO.File]::Delete($transcript)
}

# Width and height of a PNG file, from its header.
function Get-PngSize {
    param([string] $LiteralPath)
    $bytes = [System.IO.File]::ReadAllBytes((Convert-Path -LiteralPath $LiteralPath))
    if ([System.Text.Encoding]::Latin1.GetString($bytes, 1, 3) -cne 'PNG') {
        throw "'$LiteralPath' is not a PNG file."
    }
    $width = [System.Buffers.Binary.BinaryPrimitives]::ReadInt32BigEndian([byte[]]$bytes[16..19])
    $height = [System.Buffers.Binary.BinaryPrimitives]::ReadInt32BigEndian([byte[]]$bytes[20..23])
    "${width}x$height"
}
