Describe 'A script for a scheduler' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Nightly = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../examples/nightly.ps1")
        $script:Sheet = Join-Path -Path $TestDrive -ChildPath 'prompts.csv'
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
        $env:NANOBANANA_LOG = $null
    }

    It 'exits with 3 if a prompt fails, after saving the others, also with the error action Stop' {
        $ErrorActionPreference = 'Stop'
        'Name,Prompt', 'fox,a fox', 'owl,an owl [fail:5001095]', 'elk,an elk' | Set-Content -LiteralPath $Sheet
        $output = & $Nightly -PromptFile $Sheet -Destination "$TestDrive/images" -Module $ModulePath 2>$null
        $LASTEXITCODE | Should -Be 3
        @($output | Where-Object { $_ -is [System.IO.FileInfo] }).BaseName | Sort-Object | Should -Be 'elk', 'fox'
        $run = $output | Where-Object { $_ -is [NanoBanana.ImageRun] }
        $run.Asked, $run.Saved, $run.Failed | Should -Be 3, 2, 1
    }

    It 'submits missing requests and exits with 0 if it runs again' {
        'Name,Prompt', 'fox,a fox', 'elk,an elk' | Set-Content -LiteralPath $Sheet
        $before = $Emulator.Counters.CreatesAccepted
        $null = & $Nightly -PromptFile $Sheet -Destination "$TestDrive/images" -Module $ModulePath
        $LASTEXITCODE | Should -Be 0
        $Emulator.Counters.CreatesAccepted | Should -Be $before
    }

    It 'writes a log that several sessions can share' {
        $env:NANOBANANA_LOG = Join-Path -Path $TestDrive -ChildPath 'run.jsonl'
        $connection = Get-NanoBananaConnection
        1..3 | ForEach-Object -Parallel {
            Import-Module -Name $using:ModulePath
            1..5 | ForEach-Object { "fox $_" } | New-NanoBananaImage -Batch "log-$_" -Wait -Connection $using:connection
        } -ThrottleLimit 3 | Should -HaveCount 15
        $lines = Get-Content -LiteralPath $env:NANOBANANA_LOG | ConvertFrom-Json
        $lines | Group-Object event | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } |
            Should -Be 'accepted 15', 'ended 15', 'submitted 15'
    }
}
