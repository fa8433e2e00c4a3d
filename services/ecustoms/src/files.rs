//! Files that are followed: what lies there, told apart from what lay there before.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How often it is looked whether something has changed.
pub(crate) const LOOK: Duration = Duration::from_secs(2);

/// Files as they lie there: enough to see that one was exchanged.
pub(crate) type Seen = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// How `paths` lie there; fails where one does not.
pub(crate) fn seen(paths: impl IntoIterator<Item = PathBuf>) -> std::io::Result<Seen> {
    let look = |path: PathBuf| {
        let file = fs::metadata(&path)?;
        Ok((path, file.len(), file.modified().ok()))
    };
    paths.into_iter().map(look).collect()
}

/// The files in `directory` in order; none where it does not exist.
pub(crate) fn files_in(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files: Vec<_> = entries.collect::<Result<_, _>>()?;
    // A folder that Kubernetes mounts holds folders of its own (`..data`) beside the links to the files.
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}
