//! The ways in which references refuses.

customs_kernel::problems! {
    /// The file is of no kind that is read here, or not of the kind that was named.
    DATASET_UNKNOWN = "dataset-unknown" 422 final "The file is of no known kind";
    /// The file is damaged, cut off or breaks the form of its kind; the detail names the position.
    IMPORT_BROKEN = "import-broken" 422 final "The file is broken";
    /// The bytes that arrived are not those that were announced.
    IMPORT_DIFFERS = "import-differs" 422 final "The file is not the one that was announced";
    /// The import is finished, was given up, or never began.
    IMPORT_UNKNOWN = "import-unknown" 404 final "There is no such import";
    /// The chunk does not follow the last one.
    CHUNK_OUT_OF_ORDER = "chunk-out-of-order" 409 final "The chunk is out of order";
    /// The person who proposed an import cannot activate it.
    IMPORT_FOUR_EYES = "import-four-eyes" 403 final "Somebody else must decide";
    /// Imports are activated under four eyes here: propose it.
    IMPORT_MUST_BE_PROPOSED = "import-must-be-proposed" 409 final "Imports must be proposed";
    /// The dataset has changed since the difference was told: propose the import again.
    IMPORT_OUTDATED = "import-outdated" 409 final "The data have changed since";
    /// The proposal has been decided on, or has expired.
    PROPOSAL_STATE = "proposal-state" 409 final "The proposal is decided";
    /// The register does not allow this in the party's present state.
    PARTY_STATE = "party-state" 409 final "Not possible in the party's present state";
    /// The measure has already ended.
    MEASURE_ENDED = "measure-ended" 409 final "The measure has ended";
    /// The same measure is already in force for a part of this time.
    MEASURE_OVERLAPS = "measure-overlaps" 409 final "The measure is in force already";
    /// The day has its rates; they are never changed.
    RATES_SET = "rates-set" 409 final "The rates of this day are set";
    /// The versions before the one that was named are not kept as a delta.
    VERSION_UNKNOWN = "version-unknown" 404 final "There is no such version";
}
