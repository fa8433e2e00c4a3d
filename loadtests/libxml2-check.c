/* How long libxml2 takes to hold one file against one schema, in this process and from memory, with the schema compiled once.
 *
 * usage: libxml2-check SCHEMA FILE REPEATS
 * Prints the microseconds of one check three ways: a tree is read and validated; the file is validated as a stream; a tree
 * that was read before is validated. The prototypes are those of libxml2 2.9 and later, so that no headers are needed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *xmlReadMemory(const char *buffer, int size, const char *url, const char *encoding, int options);
void xmlFreeDoc(void *doc);
void *xmlParserInputBufferCreateMem(const char *mem, int size, int encoding);
void *xmlSchemaNewParserCtxt(const char *url);
void *xmlSchemaParse(void *parser);
void *xmlSchemaNewValidCtxt(void *schema);
void xmlSchemaFreeValidCtxt(void *context);
int xmlSchemaValidateDoc(void *context, void *doc);
int xmlSchemaValidateStream(void *context, void *input, int encoding, void *sax, void *user_data);

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "libxml2-check: %s\n", what);
        exit(1);
    }
}

/* One validation of a tree, with a context of its own as every caller needs one. */
static int validate(void *schema, void *doc) {
    void *context = xmlSchemaNewValidCtxt(schema);
    must(context != NULL, "no validation context");
    int outcome = xmlSchemaValidateDoc(context, doc);
    xmlSchemaFreeValidCtxt(context);
    return outcome;
}

int main(int count, char **arguments) {
    must(count == 4, "usage: libxml2-check SCHEMA FILE REPEATS");
    int repeats = atoi(arguments[3]);
    must(repeats > 0, "REPEATS is a number above zero");
    FILE *file = fopen(arguments[2], "rb");
    must(file != NULL, "the file cannot be opened");
    static char text[16 << 20];
    int size = (int)fread(text, 1, sizeof text, file);
    fclose(file);
    must(size > 0 && size < (int)sizeof text, "the file is empty or too large");
    void *schema = xmlSchemaParse(xmlSchemaNewParserCtxt(arguments[1]));
    must(schema != NULL, "the schema cannot be compiled");

    double whole = now();
    for (int turn = 0; turn < repeats; turn++) {
        void *doc = xmlReadMemory(text, size, "check.xml", NULL, 0);
        must(doc != NULL, "the file cannot be read");
        must(validate(schema, doc) == 0, "the file is not valid");
        xmlFreeDoc(doc);
    }
    whole = (now() - whole) / repeats;

    double stream = now();
    for (int turn = 0; turn < repeats; turn++) {
        void *context = xmlSchemaNewValidCtxt(schema);
        void *input = xmlParserInputBufferCreateMem(text, size, 0);
        must(context != NULL && input != NULL, "no stream");
        must(xmlSchemaValidateStream(context, input, 0, NULL, NULL) == 0, "the stream is not valid");
        xmlSchemaFreeValidCtxt(context);
    }
    stream = (now() - stream) / repeats;

    void *doc = xmlReadMemory(text, size, "check.xml", NULL, 0);
    must(doc != NULL, "the file cannot be read");
    double alone = now();
    for (int turn = 0; turn < repeats; turn++) {
        must(validate(schema, doc) == 0, "the file is not valid");
    }
    alone = (now() - alone) / repeats;
    printf("%.2f %.2f %.2f\n", whole, stream, alone);
    return 0;
}
