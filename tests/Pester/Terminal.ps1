<#
A terminal for tests. It runs a script in pwsh in a pseudo terminal, which `script` of util-linux creates, and answers its queries.
Dot-sourced by test files that need it.
#>

# Whether a pseudo terminal can be created on this machine.
function Test-PseudoTerminal {
    $IsLinux -and $null -ne (Get-Command -Name script -CommandType Application -ErrorAction Ignore)
}

<#
Runs a script, and returns everything that the terminal received.

-Answer contains the queries, with `e for an escape, and the answer to each. The terminal has 100 columns and 30 rows.
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
    # The developer's terminal must not affect the tests.
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
        # A query can arrive in two parts. No query is longer.
        $pending = $pending.Substring([Math]::Max(0, $pending.Length - 64))
    }
    $process.WaitForExit()
    $process.Dispose()
    $received.ToString()
}
