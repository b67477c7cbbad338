Describe 'build.ps1' {
    BeforeAll {
        $script:Pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
        $script:Script = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../build.ps1")
    }

    It 'exits with 1 and lists the tasks if a task does not exist' {
        $said = & $Pwsh -NoProfile -File $Script -Task Build,Tset 2>&1
        $LASTEXITCODE | Should -Be 1
        "$said" | Should -BeLike "*'Tset' is not a task. Use Build, Test, Analyze, Pack or Clean."
    }

    It 'exits with 1 and names a missing module of Analyze' -Skip:($null -ne (Get-Module -Name PSScriptAnalyzer -ListAvailable)) {
        $said = & $Pwsh -NoProfile -File $Script -Task Analyze 2>&1
        $LASTEXITCODE | Should -Be 1
        "$said" | Should -BeLike '*PSScriptAnalyzer * is not installed. To install it, run: Install-PSResource -Name PSScriptAnalyzer *'
    }

    It 'removes the build output except the PowerShell that runs it' {
        # Brackets are wildcards in a path that is not literal.
        $source = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'a [copy]')
        $files = 'src/One/bin/a', 'src/One/obj/a', 'src/One/One.cs', 'tests/Two/bin/a', 'out/NanoBanana/a', 'TestResults/a',
            'tools/Pwsh/obj/a'
        foreach ($file in $files) {
            $null = New-Item -ItemType File -Path (Join-Path $source $file) -Force
        }
        $tool = New-Item -ItemType Directory -Path (Join-Path $source 'tools/Pwsh/bin')
        Copy-Item -LiteralPath $PSHOME -Destination (Join-Path $tool 'here') -Recurse
        Copy-Item -LiteralPath $Script -Destination $source

        & (Join-Path $tool 'here' (Split-Path -Path $Pwsh -Leaf)) -NoProfile -File (Join-Path $source 'build.ps1') -Task Clean

        $LASTEXITCODE | Should -Be 0
        Test-Path -LiteralPath (Join-Path $tool 'here/System.Management.Automation.dll') | Should -BeTrue
        Get-ChildItem -LiteralPath $source -Recurse -File | Where-Object { -not $_.FullName.StartsWith($tool) } |
            ForEach-Object { [System.IO.Path]::GetRelativePath($source, $_.FullName).Replace('\', '/') } | Sort-Object |
            Should -Be 'build.ps1', 'src/One/One.cs', 'tools/Pwsh/obj/a'
    }
}
