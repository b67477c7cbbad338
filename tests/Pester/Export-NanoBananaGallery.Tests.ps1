Describe 'Export-NanoBananaGallery' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Command = 'NanoBanana.Commands.ExportNanoBananaGalleryCommand'
        'fox', 'owl <b>at</b> dusk', 'elk [fail:5001095]' | New-NanoBananaImage -Batch zoo -Resolution 0.5K |
            Save-NanoBananaImage -Destination $TestDrive/zoo -ErrorAction SilentlyContinue | Out-Null
    }
    BeforeEach {
        $script:Page = Join-Path $TestDrive "$([guid]::NewGuid()).html"
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'shows saved images at the end of a pipeline and emits the page' {
        $file = 'one', 'two' | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -Destination $TestDrive/saved |
            Export-NanoBananaGallery $Page
        $file | Should -BeOfType ([System.IO.FileInfo])
        $file.FullName | Should -Be $Page
        $pattern = '<img alt="(one|two)" width="512" height="512" [^>]* src="saved/[^"]+\.png">'
        [regex]::Matches((Get-Content $Page -Raw), $pattern) | Should -HaveCount 2
    }

    It 'shows the images and failures of a batch in input order' {
        Export-NanoBananaGallery $Page -Batch zoo
        $html = Get-Content $Page -Raw
        [regex]::Matches($html, '<h2 dir="auto">([^<]*)</h2>') | ForEach-Object { $_.Groups[1].Value } |
            Should -Be 'fox', 'owl &lt;b&gt;at&lt;/b&gt; dusk', 'elk [fail:5001095]'
        $html | Should -BeLike '*<h1>zoo</h1>*'
        $html | Should -BeLike '*<p class="reason" dir="auto">005001095*'
    }

    It 'accepts tasks, batches and files from Get-ChildItem' {
        $expected = (Get-ChildItem $TestDrive/zoo/*.png).Count
        $sources = { Get-NanoBananaTask -Batch zoo -Status Completed }, { Get-NanoBananaBatch zoo }, { Get-ChildItem $TestDrive/zoo/*.png }
        foreach ($source in $sources) {
            & $source | Export-NanoBananaGallery $Page -Force | Out-Null
            [regex]::Matches((Get-Content $Page -Raw), '<img ') | Should -HaveCount $expected
            Get-Content $Page -Raw | Should -BeLike '*<h2 dir="auto">fox</h2>*'
        }
    }

    It 'embeds the images with -Embed' {
        Get-ChildItem $TestDrive/zoo/*.png | Export-NanoBananaGallery $Page -Embed -Title 'To send'
        $html = Get-Content $Page -Raw
        $bytes = [System.IO.File]::ReadAllBytes((Get-ChildItem $TestDrive/zoo/fox*.png).FullName)
        $html.Contains("data:image/png;base64,$([convert]::ToBase64String($bytes))") | Should -BeTrue
        $html | Should -BeLike '*<title>To send</title>*'
    }

    It 'keeps an existing page without -Force' {
        Set-Content $Page 'mine'
        { Export-NanoBananaGallery $Page -Batch zoo } | Should -Throw -ErrorId "FileExists,$Command"
        Get-Content $Page | Should -Be 'mine'
        Export-NanoBananaGallery $Page -Batch zoo -Force
        Get-Content $Page -Raw | Should -Not -BeLike 'mine*'
    }

    It 'adds .html to a name without an extension and refuses any other extension' {
        (Export-NanoBananaGallery ($Page -replace '\.html$') -Batch zoo).FullName | Should -Be $Page
        { Export-NanoBananaGallery "$Page.png" -Batch zoo } | Should -Throw -ErrorId "InvalidRequest,$Command"
    }

    It 'resolves paths of PowerShell drives' {
        $expected = [System.IO.Path]::GetFullPath("$TestDrive/new/folder/zoo.html")
        (Export-NanoBananaGallery TestDrive:/new/folder/zoo.html -Batch zoo).FullName | Should -Be $expected
    }

    It 'refuses input that is not an image and continues' {
        'text', (Get-NanoBananaTask -Batch zoo -Status Completed -First 1) |
            Export-NanoBananaGallery $Page -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be "InvalidRequest,$Command"
        [regex]::Matches((Get-Content $Page -Raw), '<img ') | Should -HaveCount 1
    }

    It 'reports a missing batch' {
        { Export-NanoBananaGallery $Page -Batch nowhere } | Should -Throw -ErrorId "TaskNotFound,$Command"
        Test-Path $Page | Should -BeFalse
    }

    It 'completes batch names' {
        $line = 'Export-NanoBananaGallery x -Batch z'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
            Should -Contain 'zoo'
    }

    It 'writes nothing with -WhatIf' {
        Get-HostText { Export-NanoBananaGallery $Page -Batch zoo -WhatIf } | Should -BeLike "*Write the gallery*$Page*"
        Test-Path $Page | Should -BeFalse
    }

    It 'creates no journal with -WhatIf' {
        $env:NANOBANANA_JOURNAL = "$TestDrive/preview.db"
        try {
            Get-ChildItem $TestDrive/zoo/*.png | Export-NanoBananaGallery $Page -WhatIf
            { Export-NanoBananaGallery $Page -Batch zoo -WhatIf } | Should -Throw -ErrorId "TaskNotFound,$Command"
        }
        finally {
            $env:NANOBANANA_JOURNAL = $Journal
        }
        Get-ChildItem $TestDrive -Filter 'preview.db*' | Should -BeNullOrEmpty
    }

    It 'leaves no partial file if the pipeline is terminated' {
        { Get-ChildItem $TestDrive/zoo/*.png | ForEach-Object { $_; throw 'enough' } |
            Export-NanoBananaGallery $TestDrive/half/page.html } | Should -Throw 'enough'
        Get-ChildItem $TestDrive/half -Force | Should -BeNullOrEmpty
    }

    It 'needs no connection' {
        (Invoke-Unattended 'Export-NanoBananaGallery -Path $page -Batch zoo' @{ page = $Page }).Errors | Should -BeNullOrEmpty
        Test-Path $Page | Should -BeTrue
    }
}
