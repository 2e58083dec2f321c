//! The tree of the log, recomputed from the commitments bundle by bundle: tiles, and the root under the checkpoint.

use db::Tx;
use kernel::{Error, Result};
use tlog::{Hash, WIDTH, append, needed, root};

use super::{Finding, MOST, Out, State};
use crate::credits::log::store::{self, Bundle, Head};

/// Bundles read at a time.
const BUNDLES: u32 = 64;

/// The tree over the commitments, recomputed bundle by bundle.
pub(super) async fn recompute<F>(
    tx: &mut Tx,
    head: &Head,
    state: &mut State,
    (findings, tell): Out<'_, F>,
) -> Result<()>
where
    F: FnMut(&State, u64) -> Result<()> + Send,
{
    let mut tiles = store::read(tx, needed(state.leaves, &[])).await?;
    let mut size = state.leaves;
    while size < head.size && findings.len() < MOST {
        let bundles = store::bundles_from(tx, size / WIDTH, BUNDLES).await?;
        let mut leaves: Vec<Hash> = Vec::new();
        for bundle in &bundles {
            let expected = (head.size - size - leaves.len() as u64).min(WIDTH);
            if let Some(found) = misshapen(bundle, (size + leaves.len() as u64) / WIDTH, expected, &mut state.high) {
                findings.push(found);
                return Ok(());
            }
            leaves.extend(bundle.leaf_hashes().as_chunks::<32>().0);
        }
        if leaves.is_empty() {
            let gap = format!("账本应有 {} 条记录，只找到 {size} 条：其后的记录被删除。", head.size);
            findings.push(Finding::new("log.gap", gap));
            return Ok(());
        }
        let changed = append(&mut tiles, size, &leaves).map_err(Error::broken)?;
        for ((level, number), ours) in changed.iter().filter(|((level, _), _)| *level > 0) {
            let kept = store::tile(tx, *level, *number).await?;
            if kept.as_ref().and_then(|kept| kept.get(..ours.len())) != Some(ours.as_slice()) {
                let sentence = format!("第 {level} 层第 {number} 块树节点与重新计算的不一致：被改动或缺失。");
                findings.push(Finding::new("tile", sentence));
            }
        }
        size += leaves.len() as u64;
        tiles.0.extend(changed);
        let edge: Vec<_> = needed(size, &[])
            .into_iter()
            .filter_map(|path| Some((path.level?, path.number)))
            .collect();
        tiles.0.retain(|key, _| edge.contains(key));
        // A partial bundle is recomputed when the audit goes on.
        state.leaves = size - size % WIDTH;
        tell(state, head.size)?;
    }
    let ours = root(&mut tiles, size).map_err(Error::broken)?;
    if findings.is_empty() && ours != head.root {
        findings.push(Finding::new(
            "root",
            "由全部记录重新计算的树根与检查点不一致：账本中的记录被改动过。",
        ));
    }
    Ok(())
}

/// What is wrong with the shape of a bundle: its number, its width, the ids it says it holds.
fn misshapen(bundle: &Bundle, number: u64, width: u64, high: &mut i64) -> Option<Finding> {
    let (entries, commitments) = (bundle.entries.len() as u64, bundle.commitments.len() as u64);
    if bundle.number != number || commitments != width * 32 || entries != width * 8 {
        let sentence = format!("账本第 {number} 组记录缺失，或条数不对：应有 {width} 条。");
        return Some(Finding::new("log.gap", sentence));
    }
    let (low, greatest) = bundle.leaves().fold((i64::MAX, *high), |(low, high), (_, id, _)| {
        (low.min(id.get()), high.max(id.get()))
    });
    // A partial bundle is met again when the audit goes on after it has grown.
    if width == WIDTH {
        *high = greatest;
    }
    let wrong = bundle.low != low || bundle.high != greatest;
    wrong.then(|| Finding::new("log.index", format!("账本第 {number} 组记录的编号范围与其内容不符。")))
}
