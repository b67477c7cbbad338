<#
$ErrorActionPreference = 'Stop', as in CI systems: the pipeline ends with the first error, and paid images are saved.
#>
Describe 'The error action Stop' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        function Get-Row([int] $Count) {
            1..$Count | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"; Name = "s$_"; AspectRatio = '1:1' } }
        }
    }
    BeforeEach {
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
        $script:Before = $Emulator.Counters.CreatesReceived
        $ErrorActionPreference = 'Stop'
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'saves the images submitted before an invalid row, submits nothing after it, and throws its error' {
        $rows = Get-Row 60
        $rows[29].AspectRatio = '5:7'
        $caught = $null
        try {
            $rows | New-NanoBananaImage -Resolution 0.5K -WarningVariable warnings -WarningAction SilentlyContinue |
                Save-NanoBananaImage -Destination $Folder
        }
        catch [NanoBanana.NanoBananaException] {
            $caught = $_
        }
        $caught.Exception.Kind | Should -Be 'InvalidRequest'
        $caught.Exception.Message | Should -BeLike 'Row 30 *5:7*'
        $caught.TargetObject.Prompt | Should -Be 'shot 30'
        $Emulator.Counters.CreatesReceived - $Before | Should -Be 29
        Get-ChildItem -LiteralPath $Folder | Should -HaveCount 29
        Get-NanoBananaTask -Unsaved | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*30 inputs were not submitted*'
    }

    It 'saves the images submitted beside a refused submission' {
        $Emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Status(400))
        { Get-Row 40 | New-NanoBananaImage -Resolution 0.5K -ThrottleLimit 4 -WarningAction SilentlyContinue |
            Save-NanoBananaImage -Destination $Folder } |
            Should -Throw -ErrorId 'InvalidRequest,*'
        $bought = $Emulator.Counters.CreatesReceived - $Before - 1
        $bought | Should -BeLessThan 39
        @(Get-ChildItem -LiteralPath $Folder -ErrorAction Ignore) | Should -HaveCount $bought
    }

    It 'saves the other images if a task fails, with <Case>' -ForEach @(
        @{ Case = 'New and Save'; Pipe = { New-NanoBananaImage -Resolution 0.5K -WarningAction SilentlyContinue |
            Save-NanoBananaImage $Folder -WarningAction SilentlyContinue } }
        @{ Case = 'New, Wait and Save'; Pipe = {
                New-NanoBananaImage -Resolution 0.5K -WarningAction SilentlyContinue | Wait-NanoBananaTask -WarningAction SilentlyContinue |
                    Save-NanoBananaImage $Folder -WarningAction SilentlyContinue
            }
        }
        @{ Case = 'New -Wait and Save'; Pipe = { New-NanoBananaImage -Resolution 0.5K -Wait -WarningAction SilentlyContinue |
            Save-NanoBananaImage $Folder } }
        @{ Case = 'a script between them'; Pipe = {
                New-NanoBananaImage -Resolution 0.5K -WarningAction SilentlyContinue | ForEach-Object { $_ } |
                    Save-NanoBananaImage $Folder -WarningAction SilentlyContinue
            }
        }
    ) {
        $rows = Get-Row 30
        $rows[3].Prompt = 'fails [fail:5001095]'
        $pipe = $Pipe.GetSteppablePipeline()
        $caught = $null
        try {
            $pipe.Begin($true)
            $rows | ForEach-Object { $null = $pipe.Process($_) }
            $null = $pipe.End()
        }
        catch {
            $caught = $_
        }
        $caught.Exception.Kind | Should -Be 'TaskFailed'
        $bought = $Emulator.Counters.CreatesReceived - $Before
        Get-ChildItem -LiteralPath $Folder | Should -HaveCount ($bought - 1)
        Get-NanoBananaTask -Unsaved | Should -BeNullOrEmpty
    }

    It 'saves the other images if one cannot be saved' {
        $tasks = Get-Row 12 | New-NanoBananaImage -Resolution 0.5K -Wait
        $null = New-Item -ItemType Directory -Path $Folder
        Set-Content -LiteralPath "$Folder/s4.png" -Value 'mine'
        { $tasks | Save-NanoBananaImage -Destination $Folder -FileName '{name}' -WarningAction SilentlyContinue } |
            Should -Throw -ErrorId 'FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand'
        Get-ChildItem -LiteralPath $Folder | Should -HaveCount 12
    }

    It 'reports further errors and that nothing else is submitted' {
        $rows = Get-Row 10
        $rows[0].Prompt = 'fails [fail:5001095]'
        $rows[1].Prompt = 'fails too [fail:5001096]'
        $messages = [System.Collections.Generic.List[string]]::new()
        {
            & { $rows | New-NanoBananaImage -Wait -Resolution 0.5K } 3>&1 |
                ForEach-Object { if ($_ -is [System.Management.Automation.WarningRecord]) { $messages.Add("$_") } }
        } | Should -Throw -ErrorId 'TaskFailed,*'
        # Either of the two can fail first.
        "$messages" | Should -BeLike '*nothing more is submitted*'
        Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination $Folder | Should -Not -BeNullOrEmpty
    }

    It 'ends the pipeline if one command has -ErrorAction Stop: <_>' -ForEach 'New', 'Save' {
        $ErrorActionPreference = 'Continue'
        $stop = @{ New = @{}; Save = @{} }
        $stop[$_] = @{ ErrorAction = 'Stop' }
        $rows = Get-Row 20
        if ($_ -eq 'New') { $rows[9].AspectRatio = '5:7' } else { $rows[9].Prompt = 'fails [fail:5001095]' }
        $newStop, $saveStop = $stop.New, $stop.Save
        { $rows | New-NanoBananaImage -Resolution 0.5K -WarningAction SilentlyContinue @newStop |
            Save-NanoBananaImage $Folder -WarningAction SilentlyContinue @saveStop } | Should -Throw
        Get-NanoBananaTask -Unsaved | Should -BeNullOrEmpty
    }

    It 'submits nothing with commands that start after the error' {
        $done = 'done' | New-NanoBananaImage -Resolution 0.5K -Wait
        $failed = 'fails [fail:5001095]' | New-NanoBananaImage -Resolution 0.5K
        $started = $Emulator.Counters.CreatesReceived
        $warnings = $null
        {
            & { $done; $failed; while (-not $warnings) { $done }; 'owl' } |
                ForEach-Object { if ($_ -is [string]) { New-NanoBananaImage $_ } else { $_ } } |
                Save-NanoBananaImage $Folder -WarningVariable warnings -WarningAction SilentlyContinue
        } | Should -Throw
        $Emulator.Counters.CreatesReceived | Should -Be $started
    }

    It 'reports a single invalid prompt as one error' {
        $all = & { try { New-NanoBananaImage '' } catch { $_ } } *>&1
        $all | Should -HaveCount 1
        $all.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
    }

    It 'does not affect an outer pipeline that catches the error' {
        $saved = 1..3 | ForEach-Object { "outer $_" } | New-NanoBananaImage -Resolution 0.5K | ForEach-Object {
            try { New-NanoBananaImage '' } catch { $null = $_ }
            $_
        } | Save-NanoBananaImage $Folder
        $saved | Should -HaveCount 3
    }

    It 'saves tasks that reached Save if another command throws' {
        $tasks = Get-Row 12 | New-NanoBananaImage -Resolution 0.5K -Wait
        $taken = 0
        { $tasks | ForEach-Object { $taken++; Set-Variable taken $taken -Scope 1; $_ } | Save-NanoBananaImage -Destination $Folder |
            ForEach-Object { throw 'no room' } } |
            Should -Throw 'no room'
        $files = @(Get-ChildItem -LiteralPath $Folder)
        $files.Count | Should -BeGreaterThan 0
        $files.Count | Should -Be $taken
    }

    It 'saves the current task if another command throws' {
        $tasks = Get-Row 2 | New-NanoBananaImage -Resolution 0.5K -Wait
        {
            # The second task waits for the first image, so that it is written before the second task is leased.
            $tasks | ForEach-Object { if ($_ -eq $tasks[1]) { while (-not (Test-Path "$Folder/*.png")) { } }; $_ } |
                Save-NanoBananaImage -Destination $Folder | ForEach-Object { throw 'no room' }
        } | Should -Throw 'no room'
        Get-ChildItem -LiteralPath $Folder | Should -HaveCount 2
    }

    It 'saves tasks that reached Save if Select-Object -First stops the pipeline' {
        $tasks = Get-Row 12 | New-NanoBananaImage -Resolution 0.5K -Wait
        $taken = [System.Collections.Generic.List[object]]::new()
        $tasks | ForEach-Object { $taken.Add($_); $_ } | Save-NanoBananaImage -Destination $Folder | Select-Object -First 1 |
            Should -HaveCount 1
        Get-ChildItem -LiteralPath $Folder | Should -HaveCount $taken.Count
    }

    It 'does not wait by default for tasks that Select-Object -First does not need' {
        $ErrorActionPreference = 'Continue'
        $tasks = Get-Row 4 | New-NanoBananaImage -Resolution 0.5K -Wait
        $held = 'held [hold]' | New-NanoBananaImage -Resolution 0.5K
        $tasks, $held | ForEach-Object { $_ } | Save-NanoBananaImage -Destination $Folder | Select-Object -First 1 | Should -HaveCount 1
        $Emulator.Release()
        $held | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
    }

    It 'is documented in the help' {
        (Get-Help about_NanoBanana_Errors) -join "`n" | Should -BeLike '*ErrorActionPreference*saved*'
    }
}
