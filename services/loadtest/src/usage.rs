//! CPU time of the components, from `/proc`: each a process with all its children.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use anyhow::Context as _;

/// Microseconds in a tick of `/proc/<pid>/stat`: Linux tells 100 ticks a second on every architecture.
const TICK_US: u64 = 10_000;

/// A part of what runs, known by its first process.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// What it is called in reports.
    pub(crate) name: String,
    /// Process ids; children count too.
    pub(crate) pids: Vec<u32>,
}

/// CPU time that was used up to an instant, by component, and by the whole machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    /// Microseconds of each component, in the order of the components.
    pub(crate) parts: Vec<u64>,
    /// Microseconds in which any core was busy.
    pub(crate) machine: u64,
    /// Microseconds that the hypervisor took.
    pub(crate) stolen: u64,
}

impl Usage {
    /// What was used since `before`.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let parts = self.parts.iter().zip(&before.parts);
        Self {
            parts: parts.map(|(now, then)| now.saturating_sub(*then)).collect(),
            machine: self.machine.saturating_sub(before.machine),
            stolen: self.stolen.saturating_sub(before.stolen),
        }
    }

    /// What everything else on the machine used.
    pub(crate) fn others_us(&self) -> u64 {
        self.machine.saturating_sub(self.parts.iter().sum())
    }
}

/// One process: parent, own ticks, ticks of children that have ended.
type Process = (u32, u64);

/// What `components` have used so far.
pub(crate) fn usage(components: &[Component]) -> anyhow::Result<Usage> {
    let processes = processes()?;
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for (pid, (parent, _)) in &processes {
        children.entry(*parent).or_default().push(*pid);
    }
    let roots: HashSet<u32> =
        components.iter().flat_map(|component| component.pids.iter().copied()).collect();
    let parts = components.iter().map(|component| {
        let mut waiting = component.pids.clone();
        let mut ticks = 0;
        while let Some(pid) = waiting.pop() {
            ticks += processes.get(&pid).map_or(0, |(_, ticks)| *ticks);
            // A child that is a component of its own is not counted twice.
            let others = children.get(&pid).into_iter().flatten();
            waiting.extend(others.filter(|child| !roots.contains(child)));
        }
        ticks * TICK_US
    });
    let (machine, stolen) = machine()?;
    Ok(Usage { parts: parts.collect(), machine, stolen })
}

fn processes() -> anyhow::Result<HashMap<u32, Process>> {
    let mut found = HashMap::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process may end while it is looked at.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        if let Some(process) = read(&stat) {
            found.insert(pid, process);
        }
    }
    Ok(found)
}

/// Parent and ticks in the text of a `stat` file: user, system, and both of children that have ended.
fn read(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let parent = fields.get(1)?.parse().ok()?;
    Some((parent, (11..=14).filter_map(number).sum()))
}

fn machine() -> anyhow::Result<(u64, u64)> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    let at = |place: usize| ticks.get(place).copied().unwrap_or_default();
    // user, nice, system, (idle, iowait,) irq, softirq; then what was stolen.
    Ok(([0, 1, 2, 5, 6].map(at).iter().sum::<u64>() * TICK_US, at(7) * TICK_US))
}

/// The servers of the set in `directory`, as `deploy/local/servers.sh` keeps them.
pub(crate) fn servers(directory: &Path) -> anyhow::Result<Vec<Component>> {
    let mut components = Vec::new();
    for name in ["postgres", "rabbitmq", "redis"] {
        let file = directory.join(format!("{name}.pid"));
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let pid = text.split_whitespace().next().context("an empty pid file")?.parse()?;
        components.push(Component { name: name.to_owned(), pids: vec![pid] });
    }
    Ok(components)
}

/// Resident memory of `pid` in KiB.
pub(crate) fn resident_kib(pid: u32) -> anyhow::Result<u64> {
    Ok(memory_kib(pid)?.resident)
}

/// Memory of a process, in KiB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Everything that is in memory, the pages of the program file as well, which all processes of a machine share.
    pub(crate) resident: u64,
    /// What is its own.
    pub(crate) own: u64,
}

/// Memory of `pid`.
pub(crate) fn memory_kib(pid: u32) -> anyhow::Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let read = |name: &str| -> anyhow::Result<u64> {
        let line =
            status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
    };
    Ok(Memory { resident: read("VmRSS:")?, own: read("RssAnon:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_process_are_found_whatever_its_name() {
        let stat = "42 (a) b) c) S 7 1 1 0 -1 0 0 0 0 0 10 20 3 4 20 0 1 0 99";
        assert_eq!(read(stat), Some((7, 37)));
    }

    #[test]
    fn this_process_uses_what_the_machinees() {
        let me = [Component { name: "me".to_owned(), pids: vec![std::process::id()] }];
        let usage = usage(&me).unwrap();
        assert!(usage.machine >= usage.parts[0]);
        assert!(resident_kib(std::process::id()).unwrap() > 0);
    }
}
