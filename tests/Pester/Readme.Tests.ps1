# The README is pasted without changes, from top to bottom, into one session in a folder with the files of a clone.
Describe 'The README, pasted line by line into a session without a key' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $repository = [System.IO.Path]::GetFullPath("$PSScriptRoot/../..")
        $script:Clone = Join-Path -Path $TestDrive -ChildPath 'clone'
        $null = New-Item -ItemType Directory -Path "$Clone/out"
        Copy-Item -LiteralPath "$repository/examples" -Destination $Clone -Recurse -Exclude images, bin, obj
        Copy-Item -LiteralPath $ModulePath -Destination "$Clone/out" -Recurse
        $script:Before = Get-ChildItem -LiteralPath $Clone -Recurse -File | Get-FileHash | Sort-Object -Property Path

        $text = [System.IO.File]::ReadAllText("$repository/README.md")
        $script:Statements = @([regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```').ForEach({
            $block = [System.Management.Automation.Language.Parser]::ParseInput($_.Groups[1].Value, [ref]$null, [ref]$null)
            $block.EndBlock.Statements
        }))

        $paste = foreach ($round in 1, 2) {
            foreach ($statement in $Statements) {
                "[Console]::WriteLine('<<next>>')"
                # The only change is the speed.
                "$statement".Replace('-TimeScale 0.1', '-TimeScale 0')
                ''
            }
        }
        $start = [System.Diagnostics.ProcessStartInfo]::new([System.Environment]::ProcessPath)
        '-NoProfile', '-NonInteractive', '-Command', '-' | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.WorkingDirectory = $Clone
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $reading = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
        # The module is already built.
        $process.StandardInput.WriteLine('function dotnet { "dotnet $args" }; $PSStyle.OutputRendering = "PlainText"')
        $paste | ForEach-Object { $process.StandardInput.WriteLine($_) }
        $process.StandardInput.Close()
        $process.WaitForExit()
        # PowerShell writes keypad sequences before and after commands, even without a terminal.
        $script:Shown = @($reading[0].Result -replace '\e\[[\d;?]*[A-Za-z]' -split '<<next>>\r?\n' | Select-Object -Skip 1)
        $script:ErrorText = $reading[1].Result
    }

    It 'runs without an error, also the second time' {
        $ErrorText | Should -BeNullOrEmpty
        $Shown.Count | Should -Be (2 * $Statements.Count)
    }

    It 'shows output for each statement except the known silent ones' {
        # Show-NanoBananaImage shows images only in a terminal, and this session has no terminal.
        $silent = 'Import-Module ./out/NanoBanana', 'Show-NanoBananaImage examples/fox.png'
        for ($i = 0; $i -lt $Shown.Count; $i++) {
            $statement = $Statements[$i % $Statements.Count]
            if ($statement -isnot [System.Management.Automation.Language.AssignmentStatementAst] -and "$statement" -notin $silent) {
                $Shown[$i] | Should -Match '\S' -Because "'$statement' was typed"
            }
        }
    }

    It 'writes no warning except for a batch of an earlier emulator' {
        $warnings = @($Shown -split '\r?\n' -like 'WARNING:*')
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike "WARNING: Batch 'catalog' was submitted to *"
    }

    It 'keeps the files of the clone and adds only files that Git ignores' {
        $after = Get-ChildItem -LiteralPath $Clone -Recurse -File | Where-Object FullName -NotLike "${Clone}?images?*" |
            Get-FileHash | Sort-Object -Property Path
        Compare-Object -ReferenceObject $Before -DifferenceObject $after -Property Path, Hash | Should -BeNullOrEmpty
        Get-Content -LiteralPath "$PSScriptRoot/../../.gitignore" | Should -Contain '/images/'
        Get-ChildItem -LiteralPath "$Clone/images" -Filter *.png | Should -Not -BeNullOrEmpty
    }
}
