/* Another program of the user, on Windows, that has a file open.

   holder.exe MODE PATH: says "open" once it has the file, and keeps it until a line is typed.
     shared   opened for writing, and others may read and write
     alone    opened for writing, and nobody else may open it
     writes   as shared, and writes its first eight bytes again and again; the time of the last write is put back each time
     mapped   as shared, and its first byte is counted up through a mapping, again and again
   The file must exist. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static int failed(const char *what)
{
    printf("%s: error %lu\n", what, GetLastError());
    fflush(stdout);
    return 1;
}

static DWORD WINAPI typed(void *done)
{
    getchar();
    SetEvent(done);
    return 0;
}

int wmain(int count, wchar_t **words)
{
    if (count != 3)
        return 2;
    const wchar_t *mode = words[1];
    DWORD share = wcscmp(mode, L"alone") ? FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE : 0;
    HANDLE file = CreateFileW(words[2], GENERIC_READ | GENERIC_WRITE, share, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return failed("open");
    volatile char *mapped = NULL;
    if (!wcscmp(mode, L"mapped")) {
        HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL);
        mapped = mapping ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0) : NULL;
        if (!mapped)
            return failed("map");
    }
    FILETIME written;
    if (!GetFileTime(file, NULL, NULL, &written))
        return failed("time");
    HANDLE done = CreateEventW(NULL, TRUE, FALSE, NULL);
    CreateThread(NULL, 0, typed, done, 0, NULL);
    printf("open\n");
    fflush(stdout);
    ULONGLONG generation = 0;
    while (WaitForSingleObject(done, 100) == WAIT_TIMEOUT) {
        generation++;
        if (!wcscmp(mode, L"writes")) {
            DWORD wrote;
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
            if (!WriteFile(file, &generation, sizeof generation, &wrote, NULL) || !SetFileTime(file, NULL, NULL, &written))
                return failed("write");
        }
        if (mapped)
            mapped[0]++;
    }
    return 0;
}
