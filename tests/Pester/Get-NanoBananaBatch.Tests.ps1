Describe 'Get-NanoBananaBatch' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'counts the requests of a batch by status' {
        'a', 'b', 'c [fail:5001095]' | New-NanoBananaImage -Batch counted -ErrorAction SilentlyContinue |
            Wait-NanoBananaTask -ErrorAction SilentlyContinue | Out-Null
        $batch = Get-NanoBananaBatch counted
        $batch.Total, $batch.Completed, $batch.Failed, $batch.Unsaved | Should -Be 3, 2, 1, 2
        $batch.FirstError.Code | Should -Be '005001095'
        $batch.TotalTokens | Should -BeGreaterThan 2240
    }

    It 'counts a retried request once' {
        $run = { 'x', 'y [fail:5001096]' | New-NanoBananaImage -Batch again | Wait-NanoBananaTask -ErrorAction SilentlyContinue | Out-Null }
        & $run
        & $run
        (Get-NanoBananaBatch again).Total | Should -Be 2
        $Emulator.CountByPrompt()['x'] | Should -Be 1
        $Emulator.CountByPrompt()['y [fail:5001096]'] | Should -Be 2
    }

    It 'counts saved images' {
        'kept' | New-NanoBananaImage -Batch saved | Save-NanoBananaImage -Destination TestDrive:/batch | Out-Null
        (Get-NanoBananaBatch saved).Unsaved | Should -Be 0
    }

    It 'shows the process that has a lease on its tasks' {
        $during = 'held' | New-NanoBananaImage -Batch held | ForEach-Object { Get-NanoBananaBatch held }
        $during.Holders | Should -Be "process $PID on '$([System.Environment]::MachineName)'"
        $during | Format-List | Out-String | Should -BeLike "*Holders*process $PID on *"
        Get-NanoBananaBatch held | Format-List | Out-String | Should -Not -BeLike '*Holders*'
    }

    It 'accepts wildcards, names from the pipeline, and tasks with a batch' {
        $task = 'one' | New-NanoBananaImage -Batch wild-1
        'two' | New-NanoBananaImage -Batch wild-2 | Out-Null
        (Get-NanoBananaBatch wild-*).Batch | Should -Be 'wild-2', 'wild-1'
        ('wild-1' | Get-NanoBananaBatch).Batch | Should -Be 'wild-1'
        ($task | Get-NanoBananaBatch).Batch | Should -Be 'wild-1'
    }

    It 'matches the same names as Get-NanoBananaTask with wildcards: <_>' -ForEach 'SET?', 'set[1-2]', 'set`[1`]' {
        foreach ($name in 'set1', 'set2', 'set[1]') { 'fox' | New-NanoBananaImage -Batch $name -Name $name | Out-Null }
        $found = (Get-NanoBananaBatch $_).Batch | Sort-Object
        $found | Should -Be ('set1', 'set2', 'set[1]' -like $_ | Sort-Object)
        (Get-NanoBananaTask -Batch $_).Batch | Sort-Object | Should -Be $found
        (Get-NanoBananaTask -Name $_).Batch | Sort-Object | Should -Be $found
    }

    Context 'piped to other commands' {
        BeforeAll {
            'p 1', 'p 2', 'p 3 [fail:5001095]' | New-NanoBananaImage -Batch piped-1 -Wait -ErrorAction Ignore | Out-Null
            'q 1' | New-NanoBananaImage -Batch piped-2 -Wait | Out-Null
        }

        It 'lists the tasks of each batch with filters' {
            (Get-NanoBananaBatch piped-* | Get-NanoBananaTask).Prompt | Should -Be (Get-NanoBananaTask -Batch piped-*).Prompt
            @(Get-NanoBananaBatch piped-* | Get-NanoBananaTask) | Should -HaveCount 4
            (Get-NanoBananaBatch piped-1 | Get-NanoBananaTask -Status Failed).Prompt | Should -Be 'p 3 [fail:5001095]'
            (Get-NanoBananaBatch piped-* | Get-NanoBananaTask -Prompt '*2').Prompt | Should -Be 'p 2'
            @(Get-NanoBananaBatch piped-1 | Get-NanoBananaTask -Unsaved) | Should -HaveCount 2
        }

        It 'lists the tasks of an exported batch, without a connection' {
            Get-NanoBananaBatch piped-2 | Export-Clixml TestDrive:/batch.xml
            (Import-Clixml TestDrive:/batch.xml | Get-NanoBananaTask).Prompt | Should -Be 'q 1'
            $result = Invoke-Unattended '(Get-NanoBananaBatch piped-2 | Get-NanoBananaTask).Prompt'
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Should -Be 'q 1'
        }

        It 'saves the unsaved tasks' {
            $text = Get-HostText { Get-NanoBananaBatch piped-1 | Save-NanoBananaImage -Destination TestDrive:/piped -WhatIf }
            ([regex]::Matches($text, 'Save the images')).Count | Should -Be 2
            $saved = Get-NanoBananaBatch piped-1 | Save-NanoBananaImage -Destination TestDrive:/piped
            $saved | Should -HaveCount 2
            Get-NanoBananaBatch piped-1 | Save-NanoBananaImage -Destination TestDrive:/piped | Should -BeNullOrEmpty
            (Get-NanoBananaBatch piped-1).Unsaved, (Get-NanoBananaBatch piped-2).Unsaved | Should -Be 0, 1
        }

        It 'shows the tasks in a gallery' {
            $page = Get-NanoBananaBatch piped-* | Export-NanoBananaGallery TestDrive:/piped.html -Force
            $page.Cards | Should -Be 4
            $page = Export-NanoBananaGallery TestDrive:/piped.html -Force -Batch piped-1, piped-2
            $page.Cards | Should -Be 4
        }

        It 'uses only its endpoint' {
            $other = Start-NanoBananaEmulator -TimeScale 0
            $connection = $other | Connect-NanoBanana -PassThru
            try {
                'elsewhere' | New-NanoBananaImage -Batch two-places -Wait | Out-Null
                $there = Get-NanoBananaBatch two-places -Endpoint $other.Endpoint
                $Emulator | Connect-NanoBanana
                'here' | New-NanoBananaImage -Batch two-places -Wait -WarningAction Ignore | Out-Null
                $here = Get-NanoBananaBatch two-places -Endpoint $Emulator.Endpoint
                ($there | Get-NanoBananaTask).Prompt | Should -Be 'elsewhere'
                ($here | Get-NanoBananaTask).Prompt | Should -Be 'here'
                $there | Save-NanoBananaImage -Destination TestDrive:/places -WarningVariable warnings -WarningAction SilentlyContinue |
                    Should -BeNullOrEmpty
                "$warnings" | Should -BeLike '*1 task was skipped*'
                ($there, $here | Save-NanoBananaImage -Destination TestDrive:/places -WarningAction Ignore).Task.Prompt | Should -Be 'here'
                ($there | Save-NanoBananaImage -Destination TestDrive:/places -Connection $connection).Task.Prompt | Should -Be 'elsewhere'
                $here | Remove-NanoBananaTask -Force
                (Get-NanoBananaTask -Batch two-places).Prompt | Should -Be 'elsewhere'
            }
            finally {
                $other | Stop-NanoBananaEmulator
                $Emulator | Connect-NanoBanana
            }
        }

        It 'removes the tasks' {
            Get-HostText { Get-NanoBananaBatch piped-1 | Remove-NanoBananaTask -WhatIf } |
                Should -BeLike "*the tasks of batch 'piped-1' at *(3)*"
            Get-NanoBananaBatch piped-* | Remove-NanoBananaTask -Force
            Get-NanoBananaBatch piped-* | Should -BeNullOrEmpty
        }

        It 'removes the tasks of several batches by name' {
            'r' | New-NanoBananaImage -Batch r1 | Out-Null
            'r' | New-NanoBananaImage -Batch r2 | Out-Null
            'r' | New-NanoBananaImage -Batch r3 | Out-Null
            $null = Get-NanoBananaTask -Batch r? | Wait-NanoBananaTask
            Remove-NanoBananaTask -Batch r1, r2 -Force
            (Get-NanoBananaBatch r?).Batch | Should -Be 'r3'
        }
    }

    It 'reports a missing batch' {
        Get-NanoBananaBatch nowhere -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.GetNanoBananaBatchCommand'
    }

    It 'is used by -WhatIf to show the requests that the batch already has' {
        $task = 'has it' | New-NanoBananaImage -Batch seen
        $text = Get-HostText { 'has it', 'has not' | New-NanoBananaImage -Batch seen -WhatIf }
        $text | Should -BeLike ("*the batch already has this request (task $($task.Id), *on target `"has it`"*Buy 1 image*" +
            "on target `"has not`"*In total: buy 1 image, 1120 output tokens; 1 already in the batch.*")
        (Get-NanoBananaBatch seen).Total | Should -Be 1
    }

    It 'is offered by Tab with its size and age' {
        foreach ($line in 'Get-NanoBananaBatch cou', 'New-NanoBananaImage x -Batch cou', 'Get-NanoBananaTask -Batch cou') {
            $offered = (TabExpansion2 $line $line.Length).CompletionMatches
            $offered.CompletionText | Should -Be 'counted'
            $offered.ToolTip | Should -BeLike '3 tasks; started *'
        }
    }

    It 'needs no connection' {
        (Invoke-Unattended 'Get-NanoBananaBatch counted').Output.Batch | Should -Be 'counted'
    }

    It 'lists unsaved tasks of all services, of which Save takes those of its connection and reports the others' {
        $other = Start-NanoBananaEmulator -TimeScale 0 -ApiKey other
        $elsewhere = Connect-NanoBanana -Endpoint $other.Endpoint -ApiKey other -PassThru
        $Emulator | Connect-NanoBanana
        try {
            'there', 'there too' | New-NanoBananaImage -Batch two-services -Connection $elsewhere | Out-Null
            'here' | New-NanoBananaImage -Batch two-services | Out-Null
            $files = Get-NanoBananaTask -Unsaved -Batch two-services |
                Save-NanoBananaImage -Destination TestDrive:/two -ErrorVariable problems -WarningVariable warnings `
                    -WarningAction SilentlyContinue
            $files.Task.Prompt | Should -Be 'here'
            $problems | Should -BeNullOrEmpty
            @($warnings).Count | Should -Be 1
            "$warnings" | Should -BeLike "2 tasks were skipped, because they belong to $($other.Endpoint)*"
            (Get-NanoBananaTask -Batch two-services -Endpoint $other.Endpoint).Prompt | Sort-Object | Should -Be 'there', 'there too'
            Get-NanoBananaTask -Unsaved -Batch two-services -Endpoint $other.Endpoint |
                Save-NanoBananaImage -Destination TestDrive:/two -Connection $elsewhere | Should -HaveCount 2
            # A single task of another service is an error.
            $task = 'another' | New-NanoBananaImage -Connection $elsewhere
            { $task | Save-NanoBananaImage -Destination TestDrive:/two -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
        }
        finally {
            $other | Stop-NanoBananaEmulator
        }
    }
}
