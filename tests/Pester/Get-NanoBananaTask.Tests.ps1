Describe 'Get-NanoBananaTask' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'polls once' {
        $task = 'asked once' | New-NanoBananaImage
        $before = $Emulator.Counters.Polls
        ($task | Get-NanoBananaTask).Status | Should -Be 'Completed'
        $Emulator.Counters.Polls - $before | Should -Be 1
    }

    It 'offers ids with their prompts and statuses with their meaning' {
        $task = 'offered by Tab' | New-NanoBananaImage
        foreach ($line in 'Get-NanoBananaTask ', 'Wait-NanoBananaTask ', 'Save-NanoBananaImage -Id ', 'Remove-NanoBananaTask ') {
            $offered = (TabExpansion2 ($line + $task.Id) ($line + $task.Id).Length).CompletionMatches
            $offered.CompletionText | Should -Be $task.Id
            $offered.ListItemText | Should -BeLike "$($task.Id)  *  offered by Tab"
            $offered.ToolTip | Should -BeLike '*: offered by Tab'
        }
        $line = 'Get-NanoBananaTask -Status unk'
        (TabExpansion2 $line $line.Length).CompletionMatches.ToolTip | Should -BeLike '*it may be paid for'
    }

    It 'does not wait and emits a running task' {
        $task = 'runs [hold]' | New-NanoBananaImage | Get-NanoBananaTask
        $task.Status | Should -Be 'Running'
        $task.RawStatus | Should -Be 'in_progress'
    }

    It 'keeps the known values of a piped task' {
        $task = 'known' | New-NanoBananaImage -AspectRatio 4:3 -Name mine | Get-NanoBananaTask
        $task.Prompt | Should -Be 'known'
        $task.AspectRatio | Should -Be '4:3'
        $task.Name | Should -Be 'mine'
    }

    It 'has tokens and image of a completed task' {
        $task = 'a fox' | New-NanoBananaImage | Get-NanoBananaTask
        $task.CompletionTokens | Should -BeGreaterOrEqual 1120
        $task.TotalTokens | Should -Be ($task.PromptTokens + $task.CompletionTokens)
        $task.Image | Should -HaveCount 1
        $task.Image[0].Url | Should -BeOfType ([uri])
    }

    It 'writes no error for a failed task' {
        $task = 'failed [fail:5001095]' | New-NanoBananaImage | Get-NanoBananaTask -ErrorVariable failures
        $task.Status | Should -Be 'Failed'
        $task.Error.Code | Should -Be '005001095'
        $failures | Should -BeNullOrEmpty
    }

    Context 'by id' {
        BeforeAll {
            $script:Ids = ('id 1', 'id 2' | New-NanoBananaImage).Id
        }

        It 'accepts ids as positional arguments' {
            (Get-NanoBananaTask $Ids).Id | Sort-Object | Should -Be ($Ids | Sort-Object)
        }

        It 'accepts ids from the pipeline' {
            ($Ids | Get-NanoBananaTask).Id | Sort-Object | Should -Be ($Ids | Sort-Object)
        }

        It 'accepts ids by property name' {
            ([pscustomobject]@{ Id = $Ids[0]; Other = 5 } | Get-NanoBananaTask).Id | Should -Be $Ids[0]
        }

        It 'accepts rows of a CSV file' {
            $Ids | ForEach-Object { [pscustomobject]@{ id = $_; owner = 'me' } } | Export-Csv -Path 'TestDrive:/ids.csv'
            Import-Csv -Path 'TestDrive:/ids.csv' | Get-NanoBananaTask | Should -HaveCount 2
        }
    }

    Context 'by name or prompt' {
        BeforeAll {
            'A red FOX in snow', 'a fox [2]', "an owl`nand a fox" | ForEach-Object { $i = 0 } {
                $_ | New-NanoBananaImage -Name "named-$((++$i))" -Wait
            } | Out-Null
            $script:Before = $Emulator.Counters.Polls
        }

        It 'accepts names in place of ids and sends nothing: <_>' -ForEach 'named-1', 'NAMED-1', 'name*-1' {
            $before = $Emulator.Counters.Polls
            (Get-NanoBananaTask $_).Name | Should -Be 'named-1'
            ($_ | Get-NanoBananaTask).Name | Should -Be 'named-1'
            $Emulator.Counters.Polls | Should -Be $before
        }

        It 'accepts names and ids together' {
            $id = (Get-NanoBananaTask -Name named-2).Id
            (Get-NanoBananaTask named-1, $id).Name | Sort-Object | Should -Be 'named-1', 'named-2'
        }

        It 'needs no key for a name' {
            $result = Invoke-Unattended @'
$env:NANOBANANA_API_KEY = $null
Get-NanoBananaTask nothing-of-that-name*
Get-NanoBananaTask d758n65e878c73cmdg20
'@
            $result.Output | Should -BeNullOrEmpty
            $result.Errors.FullyQualifiedErrorId | Should -Be 'ApiKeyMissing,NanoBanana.Commands.GetNanoBananaTaskCommand'
        }

        It 'matches prompts with wildcards, ignoring case and over several lines: <_>' -ForEach '*fox*', '*FOX*' {
            (Get-NanoBananaTask -Prompt $_ -Name named-*).Name | Should -Be 'named-3', 'named-2', 'named-1'
        }

        It 'accepts several prompts and other conditions' {
            (Get-NanoBananaTask -Prompt '*snow', 'an owl*' -Name named-*).Name | Should -Be 'named-3', 'named-1'
            (Get-NanoBananaTask -Prompt '*fox*' -Name named-* -First 1).Name | Should -Be 'named-3'
            (Get-NanoBananaTask -Prompt '*fox*' -Name named-* -Skip 1 -First 1).Name | Should -Be 'named-2'
            (Get-NanoBananaTask -Prompt '*fox*' -Name named-* -IncludeTotalCount)[0] | Should -Be 3
            Get-NanoBananaTask -Prompt '*fox*' -Name named-* -Status Failed | Should -BeNullOrEmpty
        }

        It 'matches a prompt without wildcards completely and warns if there is no match' {
            (Get-NanoBananaTask -Prompt 'a red fox in snow' -WarningVariable warnings).Name | Should -Be 'named-1'
            $warnings | Should -BeNullOrEmpty
            Get-NanoBananaTask -Prompt 'red fox' -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            "$warnings" | Should -BeLike "*contains it, use -Prompt '``*red fox``*'*"
            (Get-NanoBananaTask -Prompt ([wildcardpattern]::Escape('a fox [2]'))).Name | Should -Be 'named-2'
        }

        It 'writes no warning for a pattern without a match' {
            Get-NanoBananaTask -Prompt '*no such prompt*' -WarningVariable warnings | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
        }
    }

    It 'reports a missing task and continues with the others' {
        $known = ('still known' | New-NanoBananaImage).Id
        $tasks = 'nosuchtask0000000000', $known | Get-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
        $tasks.Id | Should -Be $known
        $failures.FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand'
        $failures.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'does not send an invalid id: <_>' -ForEach 'two words', '..', 'ünïcode' {
        $before = $Emulator.Counters.Polls
        Get-NanoBananaTask -Id $_ -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.GetNanoBananaTaskCommand'
        $failures.TargetObject | Should -Be $_
        $Emulator.Counters.Polls | Should -Be $before
    }

    It 'refuses piped objects without an id: <_>' -ForEach 5, @{ a = 1 }, ([datetime]::UnixEpoch) {
        , $_ | Get-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'AmbiguousParameterSet,NanoBanana.Commands.GetNanoBananaTaskCommand'
    }

    It 'refuses a number as an id' {
        { Get-NanoBananaTask -Id 5 } |
            Should -Throw -ErrorId 'ParameterArgumentTransformationError,NanoBanana.Commands.GetNanoBananaTaskCommand'
    }

    It 'treats an unknown status as running, keeps it and warns once' {
        $task = 'strange [status:marinating]' | New-NanoBananaImage |
            Get-NanoBananaTask -WarningVariable warnings -WarningAction SilentlyContinue
        $task.Status | Should -Be 'Running'
        $task.RawStatus | Should -Be 'marinating'
        $warnings | Should -HaveCount 1
    }

    It 'polls only at the endpoint of the task' {
        $task = 'from elsewhere' | New-NanoBananaImage
        $other = Start-NanoBananaEmulator
        $connection = $other | Connect-NanoBanana -PassThru
        try {
            $task | Get-NanoBananaTask -Connection $connection -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.GetNanoBananaTaskCommand'
            $failures.TargetObject.Id | Should -Be $task.Id
            $other.Counters.ConnectionsAccepted | Should -Be 0
        }
        finally {
            $other | Stop-NanoBananaEmulator
            $Emulator | Connect-NanoBanana
        }
    }
}
