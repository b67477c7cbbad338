<#
A terminal for tests: runs a script in pwsh under a pseudo terminal, which `script` of util-linux makes, and answers what the script asks.
Dot-sourced by test files that need it.
#>

# Whether there can be one here.
function Test-PseudoTerminal {
    $IsLinux -and $null -ne (Get-Command -Name script -CommandType Application -ErrorAction Ignore)
}

<#
Runs a script, and returns all that the terminal received.

-Answer has the sequences that the terminal answers, with `e for an escape, and what it answers. It has 100 columns and 30 rows.
#>
function Invoke-InTerminal {
    param([string] $Script, [System.Collections.IDictionary] $Answer = @{}, [hashtable] $Environment = @{}, [string] $Arguments = '')
    $file = Join-Path -Path $TestDrive -ChildPath "$([guid]::NewGuid()).ps1"
    Set-Content -LiteralPath $file -Value "Import-Module -Name '$ModulePath'`n$Script"
    $start = [System.Diagnostics.ProcessStartInfo]::new('script')
    $start.ArgumentList.Add('-qec')
    $start.ArgumentList.Add("stty cols 100 rows 30; '$(Join-Path $PSHOME pwsh)' -NoProfile $Arguments -File '$file'")
    $start.ArgumentList.Add('/dev/null')
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    # The terminal of whoever runs the tests decides nothing.
    foreach ($name in 'TMUX', 'STY', 'TERM_PROGRAM', 'LC_TERMINAL', 'DISPLAY', 'WAYLAND_DISPLAY') {
        $null = $start.Environment.Remove($name)
    }
    $start.Environment['TERM'] = 'xterm-256color'
    foreach ($name in $Environment.Keys) {
        $start.Environment[$name] = $Environment[$name]
    }
    $process = [System.Diagnostics.Process]::Start($start)
    $received = [System.Text.StringBuilder]::new()
    $buffer = [byte[]]::new(65536)
    $pending = ''
    while (($count = $process.StandardOutput.BaseStream.Read($buffer, 0, $buffer.Length)) -gt 0) {
        $text = [System.Text.Encoding]::Latin1.GetString($buffer, 0, $count)
        $null = $received.Append($text)
        $pending += $text
        while ($asked = $Answer.Keys | Where-Object { $pending.Contains($_) } |
                Sort-Object { $pending.IndexOf($_, [System.StringComparison]::Ordinal) } | Select-Object -First 1) {
            $process.StandardInput.Write($Answer[$asked])
            $process.StandardInput.Flush()
            $pending = $pending.Substring($pending.IndexOf($asked, [System.StringComparison]::Ordinal) + $asked.Length)
        }
        # A question may come in two pieces. None is longer.
        $pending = $pending.Substring([Math]::Max(0, $pending.Length - 64))
    }
    $process.WaitForExit()
    $process.Dispose()
    $received.ToString()
}
